package dev.mona.compute;

/** Type of the elements of all arrays of a device. */
public enum ElementType {
  /** 32 bits: what is trained with. */
  FLOAT(Float.BYTES),
  /** 64 bits: for tests of derivatives. */
  DOUBLE(Double.BYTES);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of an element. */
  public int bytes() {
    return bytes;
  }
}
