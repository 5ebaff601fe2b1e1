package dev.mona.cli;

import dev.mona.MonaException;
import dev.mona.Quoted;
import dev.mona.storage.FileSystems;

/** Addresses that are given on the command line. */
final class Addresses {
  private Addresses() {}

  /**
   * The address, when it names a file system.
   *
   * @param what the option or parameter, for the message
   */
  static String require(String what, String address) {
    FileSystems.refusal(address)
        .ifPresent(
            reason -> {
              throw MonaException.configuration(what + " " + Quoted.of(address) + " " + reason);
            });
    return address;
  }
}
