package dev.mona.cli;

import dev.mona.MonaException;
import dev.mona.cli.failure.ExitCode;
import dev.mona.cli.text.DiagnosisText;
import dev.mona.compute.Precision;
import dev.mona.device.DeviceRequest;
import dev.mona.device.EngineName;
import dev.mona.device.WantedDevice;
import dev.mona.doctor.Diagnosis;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mona doctor}. */
@Command(
    name = "doctor",
    description = {
      "Examines this machine, or the executors of a cluster: versions, engines, natives, devices,"
          + " memory, disks, and a product of matrices on every device against a plain loop.",
      "Ends with 0 when a run is possible, and with 7 when something prevents it."
    })
final class DoctorCommand implements Callable<Integer> {
  private final Commands commands;

  @Option(
      names = "--executors",
      description = "Examine every executor of the Spark master, by a task on each.")
  private boolean executors;

  @Mixin private Output output = new Output();

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description = "What run.device will be: auto, cpu or gpu (default: auto).")
  private WantedDevice device = WantedDevice.AUTO;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "nd4j",
      description = "What run.engine will be: nd4j or torch (default: nd4j).")
  private EngineName engine = EngineName.ND4J;

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      defaultValue = "float32",
      description = "What run.precision will be: float32, tf32 or bf16 (default: float32).")
  private Precision precision = Precision.FLOAT32;

  DoctorCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() {
    if (!engine.computesIn(precision)) {
      throw MonaException.configuration(
          "--precision is %s and --engine %s, which computes in float32 alone: name another engine"
              .formatted(precision.id(), engine.id()));
    }
    DeviceRequest request = new DeviceRequest(engine, precision, device);
    List<Diagnosis> all;
    try (SparkStart spark = new SparkStart("mona doctor")) {
      all = commands.examine(spark, request, executors);
    }
    output.print(new DiagnosisText(all));
    boolean healthy = all.stream().allMatch(Diagnosis::healthy);
    return (healthy ? ExitCode.OK : ExitCode.ENVIRONMENT).code();
  }
}
