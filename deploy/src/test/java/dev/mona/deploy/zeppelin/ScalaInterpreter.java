package dev.mona.deploy.zeppelin;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.apache.spark.sql.SparkSession;
import org.apache.zeppelin.interpreter.Interpreter;
import org.apache.zeppelin.interpreter.InterpreterContext;
import org.apache.zeppelin.interpreter.InterpreterException;
import org.apache.zeppelin.interpreter.InterpreterResult;
import org.jspecify.annotations.Nullable;
import scala.Console;
import scala.collection.JavaConverters;
import scala.runtime.AbstractFunction0;
import scala.tools.nsc.Settings;
import scala.tools.nsc.interpreter.IMain;
import scala.tools.nsc.interpreter.Results;

/**
 * Stands in for Zeppelin's Spark interpreter, whose build for this Scala is not published: Scala's
 * own interpreter with {@code spark}, {@code sc} and {@code z} bound and Spark in this process.
 * Like the original it runs a paragraph as a whole and writes what the paragraph defines after what
 * it prints.
 */
public final class ScalaInterpreter extends Interpreter {
  private static @Nullable FormContext forms;

  private final PrintedOutput printed = new PrintedOutput();
  private @Nullable SparkSession spark;
  private @Nullable IMain repl;

  /** Called by Zeppelin. */
  public ScalaInterpreter(Properties properties) {
    super(properties);
  }

  /** The forms of the paragraph that runs, bound to {@code z}. */
  public static FormContext forms() {
    return Objects.requireNonNull(forms);
  }

  @Override
  public void open() throws InterpreterException {
    try {
      Path classes = Files.createTempDirectory("scala-classes");
      spark =
          SparkSession.builder()
              .appName("notebooks")
              .master(getProperty("spark.master", "local[2]"))
              .config("spark.ui.enabled", false)
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.sql.shuffle.partitions", 2)
              // to compile a query over a few rows costs more than to run it
              .config("spark.sql.codegen.wholeStage", false)
              // an address at which nobody answers is given up at once
              .config("spark.hadoop.ipc.client.connect.max.retries", 0)
              .config("spark.repl.class.outputDir", classes.toString())
              .getOrCreate();
      forms = new FormContext();
      repl = start(classes);
    } catch (IOException e) {
      throw new InterpreterException(e);
    }
  }

  private IMain start(Path classes) throws InterpreterException {
    Settings settings = new Settings();
    // classes in a directory that Spark serves to its tasks, as spark-shell does it
    List<String> options =
        List.of("-usejavacp", "-Yrepl-class-based", "-Yrepl-outdir", classes.toString());
    settings.processArguments(JavaConverters.asScalaBuffer(options).toList(), true);
    IMain started = new IMain(settings, new PrintWriter(printed, true, StandardCharsets.UTF_8));
    started.initializeSynchronous();
    Thread.currentThread().setContextClassLoader(started.classLoader());
    for (String line :
        List.of(
            "@transient val spark = org.apache.spark.sql.SparkSession.active",
            "@transient val sc = spark.sparkContext",
            "@transient val z = " + ScalaInterpreter.class.getName() + ".forms",
            "import spark.implicits._",
            "import spark.sql",
            "import org.apache.spark.sql.functions._")) {
      if (!succeeded(started.interpret(line))) {
        throw new InterpreterException(line + ": " + printed.text());
      }
    }
    return started;
  }

  private static boolean succeeded(Results.Result result) {
    return result.toString().equals("Success");
  }

  @Override
  public synchronized InterpreterResult interpret(String code, InterpreterContext context) {
    IMain opened = Objects.requireNonNull(repl);
    forms().setInterpreterContext(context);
    forms().setGui(context.getGui());
    forms().setNoteGui(context.getNoteGui());
    printed.clear();
    Thread.currentThread().setContextClassLoader(opened.classLoader());
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    boolean success =
        Console.withOut(
            out,
            new AbstractFunction0<Boolean>() {
              @Override
              public Boolean apply() {
                return succeeded(opened.interpret(code));
              }
            });
    return new InterpreterResult(
        success ? InterpreterResult.Code.SUCCESS : InterpreterResult.Code.ERROR, printed.text());
  }

  @Override
  public void close() {
    SparkSession session = spark;
    if (session != null) {
      session.stop();
    }
  }

  @Override
  public void cancel(InterpreterContext context) {
    Objects.requireNonNull(spark).sparkContext().cancelAllJobs();
  }

  @Override
  public FormType getFormType() {
    return FormType.NATIVE;
  }

  @Override
  public int getProgress(InterpreterContext context) {
    return 0;
  }
}
