package dev.mona.published;

import dev.mona.convert.SetSource;
import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Forms in which data sets are published. */
public enum PublishedFormat {
  /** HDF5 file of PDEBench. */
  PDEBENCH,
  /** Folder with the MATLAB files of the Fourier neural operator's Darcy flow. */
  DARCY,
  /** Folder with the audio and the tables of FSD50K. */
  FSD50K,
  /** Folder of CIFAR-100's binary version. */
  CIFAR100,
  /** The same images, each projected onto a sphere that is turned at random. */
  SPHERICAL;

  /** Name on the command line. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether its samples are fields of which every so manyth point can be taken. */
  public boolean hasStride() {
    return this == PDEBENCH || this == DARCY;
  }

  /**
   * Opens a set.
   *
   * @param input a file or folder on any file system that Hadoop knows
   * @param name what the set is called
   * @param stride every how manyth point of a field is taken, along each axis; 1 for other forms
   * @throws dev.mona.MonaException of the category {@code DATA} when the files are not what the
   *     form says
   */
  public SetSource open(Configuration hadoop, Path input, String name, int stride)
      throws IOException {
    return switch (this) {
      case PDEBENCH -> PdeBench.open(LocalCopy.of(hadoop, input), name, stride);
      case DARCY -> DarcyFlow.open(hadoop, input, name, stride);
      case FSD50K -> Fsd50k.open(hadoop, input, name);
      case CIFAR100 -> Cifar100.open(hadoop, input, name);
      case SPHERICAL -> new Spherical(Cifar100.open(hadoop, input, name));
    };
  }
}
