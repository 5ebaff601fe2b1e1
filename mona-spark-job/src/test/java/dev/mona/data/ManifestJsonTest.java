package dev.mona.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mona.MonaException;
import dev.mona.storage.Sha256;
import dev.mona.task.Loss;
import dev.mona.task.LossOptions;
import dev.mona.task.Prediction;
import dev.mona.task.SampleShape;
import dev.mona.task.TargetScale;
import dev.mona.task.TaskKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestJsonTest {
  private static final String SHA = "0123456789abcdef".repeat(4);
  private static final Manifest DNA =
      new Manifest(
          "dna",
          new Origin("DNA sequence", "UCI", "CC BY 4.0"),
          new Features(SampleShape.series(4, 60), new Encoding.OneHot(4), null),
          Prediction.of(TaskKind.CLASSIFICATION, 3, List.of("ei", "ie", "n")),
          Map.of(
              Split.TEST, new SplitFile("test.parquet", 797, 900, SHA),
              Split.TRAIN, new SplitFile("train.parquet", 2389, 1000, SHA)));
  private static final Manifest SOUND =
      new Manifest(
          "sound-1",
          new Origin("audio", "somewhere", "MIT"),
          new Features(
              SampleShape.series(2, 8),
              new Encoding.Plain(),
              new Standardisation(List.of(0.5, -1e-300), List.of(1.0, 3.25))),
          Prediction.of(TaskKind.MULTI_LABEL, 1, List.of()),
          Map.of(
              Split.TRAIN, new SplitFile("train.parquet", 1, 1, SHA),
              Split.VAL, new SplitFile("val.parquet", Integer.MAX_VALUE, Long.MAX_VALUE, SHA),
              Split.TEST, new SplitFile("test.parquet", 2, 3, SHA)));

  private static final Manifest FIELD =
      new Manifest(
          "field",
          new Origin("flow", "somewhere", "MIT"),
          new Features(new SampleShape(1, 64, 97), new Encoding.LogMel(8000, 256, 80, 64), null),
          new Prediction(
              TaskKind.DENSE,
              2,
              List.of(),
              new TargetScale(List.of(0.5, -2.0), List.of(1.0, 3.25))),
          Map.of(Split.TEST, new SplitFile("test.parquet", 2, 3, SHA)));

  private static final Manifest FOLDERS =
      new Manifest(
          "many",
          DNA.origin(),
          DNA.features(),
          DNA.prediction(),
          Map.of(
              Split.TRAIN,
                  new SplitFolder(
                      "train",
                      List.of(
                          new SplitFile("part-00000.parquet", 5, 60, SHA),
                          new SplitFile("part-00001.parquet", 7, 80, SHA))),
              Split.TEST, new SplitFile("test.parquet", 2, 3, SHA)));

  @Test
  void readsWhatItWrites() {
    assertThat(read(json(DNA))).isEqualTo(DNA);
    assertThat(read(json(SOUND))).isEqualTo(SOUND);
    assertThat(read(json(FIELD))).isEqualTo(FIELD);
    assertThat(read(json(FOLDERS))).isEqualTo(FOLDERS);
  }

  /** A reader that knows no folders refuses the version, and reads all other sets. */
  @Test
  void setsWithoutFoldersAreWrittenAsBefore() {
    assertThat(json(DNA)).contains("\"version\" : 1,");
    assertThat(json(FOLDERS)).contains("\"version\" : 2,");
  }

  @Test
  void aFolderAddsUpItsFiles() {
    SplitFiles train = FOLDERS.split(Split.TRAIN).orElseThrow();
    assertThat(train.samples()).isEqualTo(12);
    assertThat(train.bytes()).isEqualTo(140);
    assertThat(train.path(train.files().get(1))).isEqualTo("train/part-00001.parquet");
    String list = SHA + "  part-00000.parquet\n" + SHA + "  part-00001.parquet\n";
    assertThat(train.sha256()).isEqualTo(Sha256.of(list));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"folder\" : \"train\" | \"folder\" : \"..\" | splits.train.folder must be a plain folder name",
        "part-00001.parquet | ../test.parquet | splits.train.files[1].file must be a plain file name",
        "part-00001.parquet | part-00000.parquet | the folder train has part-00000.parquet twice",
        "\"samples\" : 7 | \"samples\" : 2147483647 | the folder train must have at most 2147483647 samples",
        "\"samples\" : 7 | \"samples\" : 0 | splits.train.files[1].samples must be a whole number from 1",
        "\"folder\" | \"folders\" : 1, \"file\" | splits.train.sha256 must be 64 hexadecimal digits, is missing",
        "\"files\" : [ | \"files\" : [ 3, | splits.train.files must be a list of 1 to 131072 objects",
        "\"files\" : [ | \"files\" : [ ], \"others\" : [ | the field 'splits.train.others' is unknown"
      })
  void refusesAWrongFolder(String right, String wrong, String problem) {
    String json = json(FOLDERS);
    assertThat(json).contains(right);
    refuses(json.replaceFirst(java.util.regex.Pattern.quote(right), wrong), problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"height\" : 64 | \"height\" : 1 | height must be a whole number from 2",
        "\"height\" : 64 | \"height\" : 9999999 | channels x height x width must be at most",
        "\"width\" : 97 | \"length\" : 97 | width must be a whole number from 1",
        "\"outputs\" : 2 | \"outputs\" : 65536 | outputs at every point must be at most 16777216",
        "\"frame\" : 256 | \"frame\" : 255 | encoding.frame must be a power of two",
        "\"hop\" : 80 | \"hop\" : 257 | encoding.hop must be a whole number from 1 to 256",
        "\"mels\" : 64 | \"mels\" : 65 | encoding.mels must equal height, 64",
        "3.25 | 0.0 | scale.sd must be positive",
        "0.5, | | scale.mean must be a list of 2 numbers"
      })
  void refusesAWrongFieldOfAnImage(String right, @Nullable String wrong, String problem) {
    String json = json(FIELD);
    assertThat(json).contains(right);
    refuses(json.replace(right, wrong == null ? "" : wrong), problem);
  }

  @Test
  void onlyDenseSetsHaveAScale() {
    String scaled = json(SOUND).replace("\"splits\"", "\"scale\" : {}, \"splits\"");
    refuses(scaled, "the field 'scale' is unknown");
  }

  @Test
  void posesTheTask() {
    assertThat(DNA.taskSpec().featureLength()).isEqualTo(240);
    LossOptions weighted = new LossOptions(Loss.BINARY_CROSS_ENTROPY, 4, 0);
    assertThat(SOUND.taskSpec(weighted).loss()).isEqualTo(weighted);
    assertThat(SOUND.taskSpec().labelLength()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"version\" : 1 | \"version\" : 3 | version must be a whole number from 1 to 2, is '3'",
        "\"name\" : \"dna\" | \"name\" : \"../dna\" | name must be 1 to 64 letters",
        "\"kind\" : \"classification\" | \"kind\" : \"density\" | kind must be classification, multi_label or dense",
        "\"channels\" : 4 | \"channels\" : -4 | channels must be a whole number from 1",
        "\"channels\" : 4 | \"channels\" : 4.0 | channels must be a whole number from 1",
        "\"channels\" : 4 | \"channels\" : 1e99 | channels must be a whole number from 1",
        "\"channels\" : 4 | \"channels\" : 99999999999999999999 | channels must be a whole",
        "\"length\" : 60 | \"length\" : 16777216 | channels x length must be at most 16777216",
        "\"length\" : 60 | \"width\" : 60 | length must be a whole number from 1 to 16777216, is missing",
        "\"outputs\" : 3 | \"outputs\" : 1 | outputs must be a whole number from 2",
        "\"outputs\" : 3 | \"outputs\" : 4 | class_names has 3 names for 4 outputs",
        "\"ei\" | 7 | class_names must be a list",
        "\"column\" : \"label\" | \"column\" : \"y\" | label.column must be 'label' for this kind",
        "\"type\" : \"int\" | \"type\" : \"float\" | label.type must be 'int' for this kind",
        "\"symbols\" : 4 | \"symbols\" : 5 | encoding.symbols must equal channels, 4",
        "\"symbols\" : 4 | \"letters\" : 4 | the field 'encoding.letters' is unknown",
        "train.parquet | ../train.parquet | splits.train.file must be a plain file name",
        "train.parquet | /etc/passwd | splits.train.file must be a plain file name",
        "\"samples\" : 797 | \"samples\" : 0 | splits.test.samples must be a whole number from 1",
        "\"samples\" : 797 | \"samples\" : 2147483648 | splits.test.samples must be a whole",
        "\"bytes\" : 900 | \"bytes\" : null | splits.test.bytes must be a whole number",
        "0123456789abcdef | 0123456789ABCDEF | splits.train.sha256 must be 64 hexadecimal digits",
        "\"test\" : | \"testing\" : | splits.test must be an object, is missing",
        "\"licence\" : \"CC BY 4.0\" | \"licence\" : \"\" | licence must be text"
      })
  void refusesAWrongField(String right, String wrong, String problem) {
    String json = json(DNA);
    assertThat(json).contains(right);
    refuses(json.replaceFirst(java.util.regex.Pattern.quote(right), wrong), problem);
  }

  @Test
  void namesAllProblemsAtOnce() {
    assertThatThrownBy(
            () ->
                read(
                    json(DNA)
                        .replace("\"outputs\" : 3", "\"outputs\" : \"three\"")
                        .replace("60", "0")))
        .isInstanceOf(MonaException.class)
        .hasMessageStartingWith("set/manifest.json: length must be")
        .hasMessageContaining("; outputs must be a whole number from 2 to 65536, is '\"three\"'")
        .hasMessageEndingWith(": mend it or convert the data again")
        .hasMessageNotContaining("\n");
  }

  @Test
  void refusesAWrongStandardisation() {
    refuses(json(SOUND).replace("3.25", "0.0"), "standardisation.sd must be positive");
    refuses(json(SOUND).replace("0.5,", ""), "standardisation.mean must be a list of 2 numbers");
    refuses(json(SOUND).replace("3.25", "1e999"), "standardisation.sd must be a list of 2 numbers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "{", "{}{}", "{\"name\":1,\"name\":2}", "PAR1"})
  void refusesWhatIsNoObject(String json) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(MonaException.class)
        .hasMessageStartingWith("set/manifest.json is not");
  }

  @Test
  void refusesDeepNesting() {
    assertThatThrownBy(() -> read("[".repeat(100_000)))
        .isInstanceOf(MonaException.class)
        .hasMessageStartingWith("set/manifest.json is not valid JSON");
  }

  @Test
  void longAndUnprintableValuesAreCutInTheMessage() {
    String hostile = "\\u0007" + "x".repeat(100_000);
    assertThatThrownBy(() -> read(json(DNA).replace("\"dna\"", "\"" + hostile + "\"")))
        .isInstanceOf(MonaException.class)
        .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(400));
  }

  private static String json(Manifest manifest) {
    return new String(ManifestJson.write(manifest), StandardCharsets.UTF_8);
  }

  private static Manifest read(String json) {
    return ManifestJson.read(json.getBytes(StandardCharsets.UTF_8), "set/manifest.json");
  }

  private static void refuses(String json, String problem) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOfSatisfying(
            MonaException.class,
            e -> assertThat(e.category()).isEqualTo(MonaException.Category.DATA))
        .hasMessageContaining(problem);
  }
}
