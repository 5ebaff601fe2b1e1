package dev.mona.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Where the elements of a device's arrays lie: this process's memory or a GPU's. */
interface Place {
  /** In words, for logs. */
  String words();

  /** Whether products of bfloat16 can be written as floats at once. */
  boolean writesFloats();

  /** Elements of the vectors that an inner product takes at a time. */
  long block();

  /** Elements of an array that several calls in a row should go over at a time. */
  long resident();

  /** The same where sums over the rows are taken: the same for any number of threads. */
  long summed();

  /** Whether it is this process's memory. */
  boolean onHost();

  /** Elements of undefined contents. */
  Tensor empty(ScalarType type, long n);

  /**
   * Gives the calling thread its native threads, or its GPU and a queue.
   *
   * @param threads 0 for the library's default
   */
  void bind(int threads);

  /** Waits for the calling thread's queue. */
  void await();

  /** Waits for the queues of all threads. */
  void awaitAll();

  /** Writes values of the host. May return before it is done, but not before they are read. */
  void upload(float[] from, int at, TorchArray to);

  /** Writes integers of the host, as {@link #upload(float[], int, TorchArray)} does floats. */
  void upload(long[] from, Tensor to);

  /** Reads all values, when they are there. */
  void download(TorchArray from, float[] to, int at);

  /** Bytes of the memory or the limit in it; 0 if there is none. */
  long totalBytes();
}
