package dev.mona.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mona.MonaException;
import dev.mona.example.SmallEncoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that end, stop or blow up the native tokenizer end in a sentence. */
class HostileTokenizerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TokenizerLimits LIMITS = new TokenizerLimits(60, 2048);

  /** A model whose vocabulary lacks what the other parts name. */
  private static final String ALONE =
      "'post_processor': null, 'added_tokens': [], 'pre_tokenizer': {'type': 'WhitespaceSplit'}";

  private static final String BACKTRACKING =
      "'pre_tokenizer': {'type': 'Split', 'pattern': {'Regex': '(x+x+)+y'},"
          + " 'behavior': 'Isolated', 'invert': false}";

  /** What that expression needs minutes for: 2^21 ways at each of 500 words. */
  private static final String WORDS_OF_X = ("x".repeat(21) + " ").repeat(500);

  /** A tokenizer of whole words with some of its parts replaced. */
  private static byte[] tokenizer(String parts) throws IOException {
    ObjectNode json = (ObjectNode) JSON.readTree(SmallEncoder.tokenizer());
    String replaced = parts.replace("ALONE", ALONE).replace('\'', '"');
    json.setAll((ObjectNode) JSON.readTree("{" + replaced + "}"));
    return JSON.writeValueAsBytes(json);
  }

  private static TextTokenizer open(byte[] file, TokenizerLimits limits) throws IOException {
    return TextTokenizer.open(new ByteArrayInputStream(file), 200, 16, limits, "tokenizer.json");
  }

  private static String failure(byte[] file, TokenizerLimits limits, String text) {
    MonaException e =
        catchThrowableOfType(
            MonaException.class,
            () -> {
              try (TextTokenizer tokenizer = open(file, limits)) {
                tokenizer.encode(text);
              }
            });
    assertThat(e).as("failure").isNotNull();
    assertThat(e.category()).isEqualTo(MonaException.Category.WEIGHTS);
    assertThat(
            ProcessHandle.current()
                .children()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(command -> command.contains(TokenizerChild.class.getName())))
        .as("processes left")
        .isEmpty();
    return e.getMessage();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // words that are not in the vocabulary, and no token for them
        "'model': {'type': 'WordLevel', 'vocab': {'a': 0}, 'unk_token': '[NOPE]'}, ALONE"
            + "| died with signal 6, saying 'called `Result::unwrap()` on an `Err` value: MissingUnkToken'",
        "'model': {'type': 'Unigram', 'unk_id': null, 'vocab': [['a', -1.0]]}, ALONE"
            + "| died with signal 6, saying 'called `Result::unwrap()` on an `Err` value: MissingUnkId'",
        "'model': {'type': 'Unigram', 'unk_id': 5, 'vocab': [['a', -1.0]]}, ALONE"
            + "| is no tokenizer: 'Unable to load vocab UnkIdNotInVocabulary",
        "'model': {'type': 'BPE', 'vocab': {'a': 0}, 'merges': ['a b'],"
            + " 'continuing_subword_prefix': 'ééé'}, ALONE"
            + "| is no tokenizer: 'Token `b` out of vocabulary",
        // a template that names a token which is not there
        "'post_processor': {'type': 'TemplateProcessing', 'special_tokens': {},"
            + " 'single': [{'SpecialToken': {'id': '[NONE]', 'type_id': 0}}],"
            + " 'pair': [{'Sequence': {'id': 'A', 'type_id': 0}}]}"
            + "| died with signal 6, saying 'no entry found for key'",
        // tables of characters that announce more than they hold
        "'normalizer': {'type': 'Precompiled', 'precompiled_charsmap': 'AAAA////'}"
            + "| tokenizer.json used more than 2048 MiB of memory",
        "'normalizer': {'type': 'Precompiled', 'precompiled_charsmap': 'BAAAAP////8AAAAA'}"
            + "| died with signal 6, saying 'index out of bounds",
      })
  void aFileThatEndsTheTokenizerIsOneSentence(String parts, String sentence) throws IOException {
    assertThat(failure(tokenizer(parts), LIMITS, "w5 w6 zzz"))
        .contains(sentence, "tokenizer.json", "give the model's")
        .doesNotContain("\n");
  }

  /** Each part doubles a letter. */
  @Test
  void aFileThatNeedsTooMuchMemoryIsEndedAndSaidSo() throws IOException {
    String twice = "{'type': 'Replace', 'pattern': {'String': 'w'}, 'content': 'ww'}";
    byte[] file =
        tokenizer(
            "'normalizer': {'type': 'Sequence', 'normalizers': [%s%s]}"
                .formatted((twice + ", ").repeat(29), twice));
    assertThat(failure(file, new TokenizerLimits(60, 512), "w5"))
        .startsWith("tokenizer.json used more than 512 MiB of memory to tokenise");
  }

  @Test
  void aFileThatNeverEndsIsEndedAtTheLimitOfTime() throws IOException {
    assertThat(failure(tokenizer(BACKTRACKING), new TokenizerLimits(1, 2048), WORDS_OF_X))
        .startsWith("tokenizer.json took longer than 1 s to tokenise the source texts");
  }

  /** A program that tokenises without end. */
  static final class Endless {
    public static void main(String[] arguments) throws IOException {
      try (TextTokenizer tokenizer =
          open(tokenizer(BACKTRACKING), new TokenizerLimits(600, 2048))) {
        tokenizer.encode(WORDS_OF_X);
      }
    }
  }

  @Test
  void aKilledParentTakesItsChildAlong(@TempDir Path folder) throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Endless.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    try {
      Optional<ProcessHandle> child = Optional.empty();
      while (parent.isAlive() && child.isEmpty()) {
        parent.waitFor(20, TimeUnit.MILLISECONDS);
        child = parent.descendants().findFirst();
      }
      assertThat(child).as(Files.readString(folder.resolve("output"))).isPresent();
      parent.waitFor(1, TimeUnit.SECONDS);
      assertThat(child.get().isAlive()).as("at work").isTrue();
      parent.destroyForcibly();
      child.get().onExit().get(20, TimeUnit.SECONDS);
    } finally {
      parent.descendants().forEach(ProcessHandle::destroyForcibly);
      parent.destroyForcibly();
    }
  }

  @Test
  void aByteOrderMarkBeforeTheFileIsPassedOver() throws IOException {
    byte[] marked = ("\uFEFF" + SmallEncoder.tokenizer()).getBytes(UTF_8);
    try (TextTokenizer tokenizer = open(marked, LIMITS)) {
      assertThat(tokenizer.encode("w5 w6 zzz")).containsExactly(2, 5, 6, 1, 3);
    }
  }
}
