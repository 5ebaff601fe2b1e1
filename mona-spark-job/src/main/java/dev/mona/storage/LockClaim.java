package dev.mona.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mona.StoredJson;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt says of itself in a lock.
 *
 * @param attempt the attempt
 * @param leaseSeconds how long its last sign of life holds
 * @param over ids of the dead attempts that it took the lock over from
 * @param beats signs of life so far
 */
record LockClaim(Attempt attempt, long leaseSeconds, List<String> over, long beats) {
  private static final int LARGEST = 1 << 16;
  private static final JsonMapper JSON = StoredJson.records();

  LockClaim {
    over = List.copyOf(over);
  }

  LockClaim after(long newBeats) {
    return new LockClaim(attempt, leaseSeconds, over, newBeats);
  }

  LockClaim over(List<String> dead) {
    return new LockClaim(attempt, leaseSeconds, dead, beats);
  }

  byte[] bytes() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a claim always has a JSON form", e);
    }
  }

  /** Reads the claim of an attempt; null if it is not whole, as while it is being written. */
  static @Nullable LockClaim parse(InputStream in, String id) throws IOException {
    byte[] json = in.readNBytes(LARGEST);
    try {
      LockClaim claim = JSON.readValue(json, LockClaim.class);
      return claim.attempt.id().equals(id) ? claim : null;
    } catch (IOException e) {
      return null;
    }
  }
}
