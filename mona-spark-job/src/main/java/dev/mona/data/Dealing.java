package dev.mona.data;

import dev.mona.MonaException;
import java.io.Serializable;

/**
 * How samples in an order are cut into blocks, and the blocks shared out to partitions: arithmetic
 * on ranks, so that a task places its samples without knowing the others.
 */
sealed interface Dealing extends Serializable {

  int partitions();

  /** The partition of the sample of a rank. */
  int partition(int rank);

  /** Samples of each block of a partition. */
  int[] blocks(int partition);

  /** The block of a sample within its partition. */
  int block(int rank);

  /** The place of a sample within its block. */
  int position(int rank);

  /** The rank of the sample at a place, when all blocks are laid one after the other. */
  int rank(int place);

  /**
   * Deals samples out to workers one by one, so that sizes differ by at most one, and each worker's
   * to blocks in the same way. Each block is a partition; those of the first worker come first.
   *
   * @throws MonaException if there are more workers than samples
   */
  static Dealing oneByOne(int samples, int workers, int blocks) {
    if (workers < 1) {
      throw MonaException.data("training needs at least 1 partition, not " + workers);
    }
    if (workers > samples) {
      throw MonaException.data(
          workers
              + " partitions cannot share "
              + samples
              + " training samples: use at most "
              + samples
              + " partitions");
    }
    return new OneByOne(samples, workers, blocks);
  }

  /**
   * Cuts samples into blocks of a size, these into pieces of which each partition would get one,
   * and shares the pieces out in order.
   *
   * @param samples at least one
   * @param most samples of a block at most
   * @param partitions wanted; fewer when there are fewer pieces
   * @param room samples that a partition holds at most, unless one piece has more
   */
  static Dealing inOrder(int samples, int most, int partitions, int room) {
    int piece = Math.min(most, Math.max(1, ceil(samples, partitions)));
    InOrder whole = new InOrder(samples, most, piece, 1);
    int needed = Math.max(partitions, ceil(samples, room));
    return new InOrder(samples, most, piece, Math.min(needed, whole.pieces()));
  }

  private static int ceil(int a, int b) {
    return (int) (((long) a + b - 1) / b);
  }

  /** See {@link #oneByOne}. */
  record OneByOne(int samples, int workers, int blocks) implements Dealing {
    @Override
    public int partitions() {
      return Math.multiplyExact(workers, blocks);
    }

    @Override
    public int partition(int rank) {
      return rank % workers * blocks + rank / workers % blocks;
    }

    @Override
    public int[] blocks(int partition) {
      return new int[] {size(partition)};
    }

    private int size(int partition) {
      int worker = partition / blocks;
      int ofWorker = samples / workers + (worker < samples % workers ? 1 : 0);
      return ofWorker / blocks + (partition % blocks < ofWorker % blocks ? 1 : 0);
    }

    @Override
    public int block(int rank) {
      return 0;
    }

    @Override
    public int position(int rank) {
      return rank / workers / blocks;
    }

    @Override
    public int rank(int place) {
      int left = place;
      int partition = 0;
      for (; left >= size(partition); partition++) {
        left -= size(partition);
      }
      return (left * blocks + partition % blocks) * workers + partition / blocks;
    }
  }

  /** See {@link #inOrder}. */
  record InOrder(int samples, int most, int piece, int partitions) implements Dealing {
    private int piecesOfBlock() {
      return ceil(most, piece);
    }

    private int pieceOf(int rank) {
      return rank / most * piecesOfBlock() + rank % most / piece;
    }

    private int pieces() {
      return pieceOf(samples - 1) + 1;
    }

    private int start(int ofPiece) {
      return ofPiece / piecesOfBlock() * most + ofPiece % piecesOfBlock() * piece;
    }

    private int firstPiece(int partition) {
      return (int) ((long) partition * pieces() / partitions);
    }

    @Override
    public int partition(int rank) {
      return (int) (((pieceOf(rank) + 1L) * partitions - 1) / pieces());
    }

    @Override
    public int[] blocks(int partition) {
      int first = firstPiece(partition);
      int[] sizes = new int[firstPiece(partition + 1) - first];
      for (int i = 0; i < sizes.length; i++) {
        int next = first + i + 1;
        sizes[i] = (next == pieces() ? samples : start(next)) - start(next - 1);
      }
      return sizes;
    }

    @Override
    public int block(int rank) {
      return pieceOf(rank) - firstPiece(partition(rank));
    }

    @Override
    public int position(int rank) {
      return rank - start(pieceOf(rank));
    }

    @Override
    public int rank(int place) {
      return place;
    }
  }
}
