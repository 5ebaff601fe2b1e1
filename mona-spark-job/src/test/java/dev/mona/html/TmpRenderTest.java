package dev.mona.html;

import dev.mona.storage.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class TmpRenderTest {
  @Test
  void render() throws Exception {
    Path out = Path.of("/work/tmp/pics");
    Files.createDirectories(out);
    for (String name : new String[] {"mona", "finetune", "warmup-finetune"}) {
      try (RunDirectory run =
          RunDirectory.open(
              "/work/tmp/base/target/gpu-check/out/quickstart/" + name, new Configuration())) {
        Files.writeString(out.resolve(name + ".html"), RunReport.page(run));
      }
    }
  }
}
