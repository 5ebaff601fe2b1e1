package dev.mona.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mona.cli.text.JsonForm;
import dev.mona.cli.text.Printed;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Results on standard output, in the form that is asked for. */
final class Output {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--json",
      description = "Print the results as one JSON document, with numbers that are not rounded.")
  private boolean json;

  /** Whether a document is asked for. */
  boolean isJson() {
    return json;
  }

  void print(Printed results) {
    print(json ? JsonForm.text(results.json()) : results.text());
  }

  void print(JsonNode document) {
    print(JsonForm.text(document));
  }

  private void print(String text) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.print(text);
    out.flush();
  }
}
