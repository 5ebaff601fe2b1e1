package dev.mona.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Programs that pretend a node has two GPUs: {@code nvidia-smi} for the job's discovery script, and
 * the same under a name of its own for YARN, which takes {@code nvidia-smi} from system directories
 * alone.
 */
final class FakeCards {
  private static final String CARD =
      """
      <gpu id="%1$d"><product_name>Fake</product_name><uuid>GPU-%1$d</uuid>
      <minor_number>%1$d</minor_number>
      <fb_memory_usage><total>8000 MiB</total><used>0 MiB</used><free>8000 MiB</free></fb_memory_usage>
      <utilization><gpu_util>0 %%</gpu_util></utilization>
      <temperature><gpu_temp>30 C</gpu_temp><gpu_temp_max_threshold>90 C</gpu_temp_max_threshold>
      <gpu_temp_slow_threshold>85 C</gpu_temp_slow_threshold></temperature></gpu>
      """;

  private FakeCards() {}

  /** Writes both programs into a new directory; the one for YARN. */
  static Path write(Path directory) {
    String script =
        """
        #!/bin/sh
        case " $* " in
          *--query-gpu=*) printf '0\\n1\\n' ;;
          *) cat <<'END'
        <?xml version="1.0" ?>
        <nvidia_smi_log><driver_version>470.0</driver_version><attached_gpus>2</attached_gpus>
        %s%s</nvidia_smi_log>
        END
            ;;
        esac
        """
            .formatted(CARD.formatted(0), CARD.formatted(1));
    try {
      Files.createDirectories(directory);
      for (String name : new String[] {"nvidia-smi", "fake-smi"}) {
        Path program = directory.resolve(name);
        Files.writeString(program, script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return directory.resolve("fake-smi");
  }
}
