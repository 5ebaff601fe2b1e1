package dev.mona.events;

/**
 * Something a user should know.
 *
 * @param sentence one sentence without its full stop
 */
public record Noticed(String sentence) {}
