package dev.mona.nn;

/** What a window of attention does where the map is smaller. */
public enum WindowFit {
  /** The map is padded to it: the function that was pretrained. */
  PADDED,
  /** It shrinks to the map: about 12 times less work for images of 64 x 64. */
  CAPPED
}
