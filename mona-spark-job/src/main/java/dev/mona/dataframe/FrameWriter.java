package dev.mona.dataframe;

import dev.mona.convert.Narrowing;
import dev.mona.convert.Sample;
import dev.mona.convert.SampleWriter;
import dev.mona.convert.SetNames;
import dev.mona.data.Split;
import dev.mona.data.SplitFile;
import dev.mona.data.SplitFiles;
import dev.mona.data.SplitFolder;
import dev.mona.data.Standardisation;
import dev.mona.spark.SparkJob;
import dev.mona.task.TaskKind;
import dev.mona.task.TaskSpec;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * Writes each file of a set in a task. A task that is run twice writes twice, and the last one that
 * ends puts its file in place; both have the same bytes.
 *
 * @param hadoop how files are reached
 * @param directory of the set, with its scheme
 * @param task what the samples are
 * @param standardisation taken of the features first; null for none
 * @param files where samples belong
 */
record FrameWriter(
    SerializableConfiguration hadoop,
    String directory,
    TaskSpec task,
    @Nullable Standardisation standardisation,
    FrameFiles files)
    implements Serializable {

  /** Writes all files. */
  Map<Split, SplitFiles> write(FrameSamples samples, FileSystem target) throws IOException {
    FrameWriter writer = this;
    List<SplitFile> written =
        SparkJob.described(
            samples.spark(),
            "write samples",
            () ->
                samples
                    .rows()
                    .mapPartitionsWithIndex(
                        (file, rows) -> List.of(writer.write(file, rows)).iterator(), false)
                    .collect());
    Map<Split, SplitFiles> all = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      List<SplitFile> its = new ArrayList<>();
      for (int file = 0; file < files.numPartitions(); file++) {
        if (files.split(file) == split) {
          its.add(written.get(file));
        }
      }
      if (its.size() == 1) {
        all.put(split, single(split, its.get(0), target));
      } else if (!its.isEmpty()) {
        all.put(split, new SplitFolder(SetNames.folder(split), its));
      }
    }
    return all;
  }

  /** A split of one file has no folder. */
  private SplitFile single(Split split, SplitFile part, FileSystem target) throws IOException {
    Path folder = new Path(directory, SetNames.folder(split));
    Path file = new Path(directory, SetNames.file(split));
    if (!target.rename(new Path(folder, part.file()), file)) {
      throw new IOException("cannot rename " + folder + " to " + file);
    }
    target.delete(folder, true);
    return new SplitFile(SetNames.file(split), part.samples(), part.bytes(), part.sha256());
  }

  private SplitFile write(int file, Iterator<Tuple2<FramePlace, FrameRow>> rows)
      throws IOException {
    Split split = files.split(file);
    Path folder = new Path(directory, SetNames.folder(split));
    String name = SetNames.part(files.number(file));
    String attempt = "." + TaskContext.get().taskAttemptId() + "-" + name;
    // an instance of its own: the cached one is shared, and the next line changes it
    try (FileSystem target = FileSystem.newInstance(folder.toUri(), hadoop.value())) {
      target.setWriteChecksum(false);
      SampleWriter writer = new SampleWriter(target, folder, attempt, task);
      try (writer) {
        write(split, rows, writer);
      }
      SplitFile made = writer.written(name);
      target.delete(new Path(folder, name), false);
      if (!target.rename(new Path(folder, attempt), new Path(folder, name))) {
        throw new IOException("cannot rename " + attempt + " to " + name + " in " + folder);
      }
      return made;
    }
  }

  private void write(Split split, Iterator<Tuple2<FramePlace, FrameRow>> rows, SampleWriter writer)
      throws IOException {
    float[] features = new float[task.featureLength()];
    float[] labels = new float[task.labelLength()];
    Narrowing narrow =
        new Narrowing("features of " + split.id(), "channel", task.shape().channels());
    Narrowing narrowLabels =
        new Narrowing(
            "labels of " + split.id(),
            "output",
            task.kind() == TaskKind.DENSE ? task.outputs() : labels.length);
    for (int i = 0; rows.hasNext(); i++) {
      Tuple2<FramePlace, FrameRow> row = rows.next();
      // rows may be cached, and a task may run again
      double[] values = FrameSamples.features(row._2()).clone();
      if (standardisation != null) {
        standardisation.apply(values);
      }
      narrow.round(i, values, features);
      narrowLabels.round(i, FrameSamples.labels(row._2()), labels);
      writer.write(new Sample(row._1().id(), features, labels));
    }
  }
}
