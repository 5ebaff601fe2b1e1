package dev.mona.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.StoredJson;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptFieldTest {

  @Test
  void aLargeFieldIsKeptAtEveryFewPoints() {
    int rows = 3;
    int columns = 130;
    float[] truth = new float[2 * rows * columns];
    float[] prediction = new float[truth.length];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = i;
      prediction[i] = 2 * i;
    }
    KeptField field = KeptField.of(5, truth, prediction, rows, columns);
    assertThat(field.height()).isEqualTo(3);
    assertThat(field.width()).isEqualTo(44);
    assertThat(field.error()).isCloseTo(1, within(1e-12));
    assertThat(field.values()[0][0]).isZero();
    assertThat(field.values()[0][43]).isEqualTo(129);
    assertThat(field.values()[0][44 + 1]).isEqualTo(133);
    assertThat(field.values()[1][44 + 1]).isEqualTo(266);
  }

  @Test
  void theErrorOfAZeroFieldIsThatOfAPoint() {
    float[] three = {3, 3, 3, 3};
    assertThat(KeptField.of(1, new float[4], three, 2, 2).error()).isCloseTo(3, within(1e-12));
    assertThatThrownBy(() -> KeptField.of(1, new float[3], three, 2, 2))
        .hasMessageContaining("no fields");
  }

  @Test
  void theBestTheMedianAndTheWorstAreKept() throws Exception {
    float[] truth = {1, 0};
    List<KeptField> fields =
        List.of(
            KeptField.of(1, truth, new float[] {4, 0}, 1, 2),
            KeptField.of(2, truth, new float[] {1, 0}, 1, 2),
            KeptField.of(3, truth, new float[] {3, 0}, 1, 2),
            KeptField.of(4, truth, new float[] {2, Float.NaN}, 1, 2),
            KeptField.of(5, truth, new float[] {1.5f, 0}, 1, 2));
    JsonNode json = StoredJson.tree(PredictionsJson.fields(fields));
    assertThat(json.path("errors").toString()).isEqualTo("[0.0,0.5,2.0,3.0,null]");
    assertThat(json.path("fields")).hasSize(3);
    assertThat(json.path("fields").path(0).path("id").asInt()).isEqualTo(2);
    assertThat(json.path("fields").path(1).path("id").asInt()).isEqualTo(3);
    assertThat(json.path("fields").path(2).path("predicted").toString()).isEqualTo("[2.0,null]");
    assertThat(json.path("fields").path(2).path("error").isNull()).isTrue();
  }
}
