package dev.mona.encoder;

import dev.mona.backbone.Limits;
import java.io.Serializable;

/**
 * Rows of the tables in front of a text encoder.
 *
 * @param vocabulary number of word pieces
 * @param positions rows of the position table, those before the offset included
 * @param types rows of the token-type table; 0 where there is none
 * @param offset row of the position table of the first token
 */
public record TextTables(int vocabulary, int positions, int types, int offset)
    implements Serializable {
  public TextTables {
    Limits.require(vocabulary, 1, 2_000_000, "vocabulary size");
    Limits.require(positions, 1, 1_048_576, "number of positions");
    Limits.require(types, 0, 1024, "number of token types");
    Limits.require(offset, 0, positions - 1, "position offset");
  }

  /** The most tokens a text can have, special tokens included. */
  public int maxTokens() {
    return positions - offset;
  }
}
