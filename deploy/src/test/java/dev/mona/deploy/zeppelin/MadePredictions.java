package dev.mona.deploy.zeppelin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Predictions of kinds of task that the short runs have not, in the form in which the job writes
 * them.
 *
 * @param folder where their runs go
 * @param zeppelin whose Spark writes them
 */
record MadePredictions(Path folder, ZeppelinServer zeppelin) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Makes a run with nothing but predictions.
   *
   * @param name of the run's folder
   * @param kind of its task
   * @param outputs classes, labels or points, of which two have names
   * @param rows tuples of Scala: id, label, prediction, logits
   */
  void make(String name, String kind, int outputs, String rows) throws IOException {
    Path run = Files.createDirectories(folder.resolve(name));
    Files.writeString(
        run.resolve("provenance.json"),
        """
        {"method": "mona",
         "task": {"name": "%s", "kind": "%s", "outputs": %d, "class_names": ["a", "b"]}}
        """
            .formatted(name, kind, outputs));
    String code =
        """
        %%spark
        Seq(%s).toDF("id", "label", "prediction", "logits")
          .write.parquet("%s/predictions")
        println("written")
        """
            .formatted(rows, run);
    var note = JSON.createObjectNode().put("name", "write " + name);
    ArrayNode paragraphs = note.putArray("paragraphs");
    paragraphs.addObject().put("title", "write").put("text", code);
    NoteRun written = zeppelin.run(zeppelin.importNote(note.toString()), Map.of());
    assertThat(written.paragraph("write").text()).contains("written");
  }
}
