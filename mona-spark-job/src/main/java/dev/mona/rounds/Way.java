package dev.mona.rounds;

import java.io.Serializable;

/**
 * How states come together; no part of what they come to.
 *
 * @param transport by which they do
 * @param plaintext whether they may be sent unprotected where Spark protects what it sends
 */
public record Way(Transport transport, boolean plaintext) implements Serializable {}
