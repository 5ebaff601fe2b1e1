package dev.mona.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.mona.MonaException;
import dev.mona.Quoted;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON header of a safetensors file, checked: every tensor lies inside the data, and the
 * tensors cover it without gap or overlap. What the reference implementation reads is read, and
 * what it refuses is refused, but for names that occur twice (it takes the last), tensors given as
 * lists, and ranks over 32: those are refused.
 *
 * @param metadata the free-form strings under {@code __metadata__}
 * @param entries the tensors in the order of the header
 */
public record SafetensorsHeader(Map<String, String> metadata, List<Entry> entries) {
  static final String METADATA = "__metadata__";

  private static final int MAX_RANK = 32;
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /**
   * One tensor: bytes {@code [begin, end)} of the data that follow the header.
   *
   * @param name its name
   * @param type type of its elements
   * @param shape its shape; empty for a scalar
   * @param begin its first byte
   * @param end one past its last byte
   */
  public record Entry(String name, ElementType type, long[] shape, long begin, long end) {}

  public SafetensorsHeader {
    metadata = Map.copyOf(metadata);
    entries = List.copyOf(entries);
  }

  /**
   * Parses and checks a header.
   *
   * @param json the header as stored
   * @param dataLength number of bytes that follow it
   * @param where name of the file for messages
   */
  static SafetensorsHeader parse(byte[] json, long dataLength, String where) {
    SafetensorsHeader header;
    try (JsonParser parser =
        JSON.createParser(
            new InputStreamReader(
                new ByteArrayInputStream(json), StandardCharsets.UTF_8.newDecoder()))) {
      header = new Reading(parser, where).header();
    } catch (JsonProcessingException e) {
      throw invalid(where, "is not valid JSON: " + Quoted.of(e.getOriginalMessage()));
    } catch (IOException e) {
      throw invalid(where, "is not UTF-8 text");
    }
    header.checkCover(dataLength, where);
    return header;
  }

  private void checkCover(long dataLength, String where) {
    List<Entry> inOrder = inStorageOrder();
    long covered = 0;
    String previous = "the start of the data";
    for (Entry entry : inOrder) {
      String name = Quoted.of(entry.name());
      if (entry.end() > dataLength) {
        throw MonaException.weights(
            String.format(
                Locale.ROOT,
                "Tensor %s of %s ends at byte %d but the file holds %d bytes of data; it is truncated or damaged, fetch it again",
                name,
                where,
                entry.end(),
                dataLength));
      }
      if (entry.begin() < covered) {
        throw invalid(where, "lets tensor " + name + " overlap with " + previous);
      }
      if (entry.begin() > covered) {
        throw invalid(
            where, "leaves a gap of " + (entry.begin() - covered) + " bytes before tensor " + name);
      }
      covered = entry.end();
      previous = name;
    }
    if (covered != dataLength) {
      throw invalid(where, "leaves the last " + (dataLength - covered) + " bytes to no tensor");
    }
  }

  /** The entries by position in the data. */
  List<Entry> inStorageOrder() {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    return sorted;
  }

  private static MonaException invalid(String where, String problem) {
    return MonaException.weights(
        "The safetensors header of " + where + " " + problem + "; the file cannot be used");
  }

  /** One pass over the tokens of a header. */
  private record Reading(JsonParser parser, String where) {

    SafetensorsHeader header() throws IOException {
      expect(parser.nextToken(), JsonToken.START_OBJECT, "the header");
      Map<String, String> metadata = Map.of();
      List<Entry> entries = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        if (name.equals(METADATA)) {
          metadata = metadata();
        } else {
          entries.add(entry(name));
        }
      }
      if (parser.nextToken() != null) {
        throw invalid(where, "has text after its end");
      }
      return new SafetensorsHeader(metadata, entries);
    }

    private Map<String, String> metadata() throws IOException {
      if (parser.nextToken() == JsonToken.VALUE_NULL) {
        return Map.of();
      }
      expect(parser.currentToken(), JsonToken.START_OBJECT, METADATA);
      Map<String, String> metadata = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        expect(parser.nextToken(), JsonToken.VALUE_STRING, METADATA);
        metadata.put(key, parser.getText());
      }
      return metadata;
    }

    private Entry entry(String name) throws IOException {
      expect(parser.nextToken(), JsonToken.START_OBJECT, name);
      ElementType type = null;
      long[] shape = null;
      long[] offsets = null;
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String field = parser.currentName();
        switch (field) {
          case "dtype" -> type = type(name);
          case "shape" -> shape = sizes(name, MAX_RANK);
          case "data_offsets" -> offsets = sizes(name, 2);
          default -> {
            // Fields of later versions.
            parser.nextToken();
            parser.skipChildren();
          }
        }
      }
      if (type == null || shape == null || offsets == null || offsets.length != 2) {
        throw invalid(where, "lacks dtype, shape or data_offsets for " + Quoted.of(name));
      }
      Entry entry = new Entry(name, type, shape, offsets[0], offsets[1]);
      checkSize(entry);
      return entry;
    }

    private ElementType type(String name) throws IOException {
      expect(parser.nextToken(), JsonToken.VALUE_STRING, name);
      String text = parser.getText();
      ElementType type = null;
      for (ElementType candidate : ElementType.values()) {
        if (candidate.name().equals(text)) {
          type = candidate;
        }
      }
      if (type == null || type.use() == ElementType.Use.REFUSED) {
        throw MonaException.weights(
            "Tensor %s of %s has element type %s; convert it to F32, F16 or BF16"
                .formatted(Quoted.of(name), where, Quoted.of(text)));
      }
      return type;
    }

    private long[] sizes(String name, int most) throws IOException {
      expect(parser.nextToken(), JsonToken.START_ARRAY, name);
      long[] sizes = new long[most];
      int n = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, name);
        if (n == most) {
          throw invalid(where, "lists more than " + most + " numbers for " + Quoted.of(name));
        }
        sizes[n] = parser.getLongValue();
        if (sizes[n] < 0) {
          throw invalid(where, "holds the number " + sizes[n] + " for " + Quoted.of(name));
        }
        n++;
      }
      return Arrays.copyOf(sizes, n);
    }

    private void checkSize(Entry entry) {
      long elements = Shapes.elements(entry.shape());
      long span = entry.end() - entry.begin();
      if (elements < 0
          || span < 0
          || span % entry.type().bytes() != 0
          || span / entry.type().bytes() != elements) {
        throw invalid(
            where,
            String.format(
                Locale.ROOT,
                "gives %s %d bytes, which does not fit its shape %s of %s",
                Quoted.of(entry.name()),
                span,
                Arrays.toString(entry.shape()),
                entry.type()));
      }
    }

    private void expect(@Nullable JsonToken found, JsonToken wanted, String at) {
      if (found != wanted) {
        throw invalid(
            where,
            "has %s where %s needs %s"
                .formatted(found == null ? "its end" : found, Quoted.of(at), wanted));
      }
    }
  }
}
