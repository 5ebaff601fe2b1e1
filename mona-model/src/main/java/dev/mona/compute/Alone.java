package dev.mona.compute;

import java.util.List;

/** A worker that has nobody to talk to. */
final class Alone implements Collective {
  @Override
  public int rank() {
    return 0;
  }

  @Override
  public int size() {
    return 1;
  }

  @Override
  public boolean mean(List<Array> arrays, long[] weights) {
    return arrays.stream().allMatch(Alone::isFinite);
  }

  private static boolean isFinite(Array array) {
    return Double.isFinite(array.device().vectors().dot(array, array).value());
  }

  @Override
  public boolean step(List<Array> arrays, long[] weights, OuterShare share) {
    share.rewind();
    boolean finite = true;
    for (Array array : arrays) {
      float[] values = array.toFloats();
      share.step(values, values.length);
      array.put(values, 0);
      finite &= isFinite(array);
    }
    return finite;
  }

  @Override
  public OuterShare share(List<Array> arrays, Nesterov rule, float[] velocity, int from) {
    float[] before = new float[velocity.length];
    int at = 0;
    for (Array array : arrays) {
      array.get(before, at);
      at += Math.toIntExact(array.length());
    }
    return new OuterShare(rule, this, before, velocity.clone());
  }

  @Override
  public float[] velocity(List<Array> arrays, OuterShare share, int to) {
    return share.velocity().clone();
  }

  @Override
  public void broadcast(List<Array> arrays, int from) {}

  @Override
  public List<byte[]> gather(byte[] own) {
    return List.of(own);
  }

  @Override
  public void close() {}
}
