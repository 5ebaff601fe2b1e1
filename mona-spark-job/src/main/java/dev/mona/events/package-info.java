/**
 * What a run tells while it trains, and who is told: the driver tells a {@link
 * dev.mona.events.RunListener}; consoles, files, gauges and listeners of users are told. Depends on
 * the stages and metrics of the model only.
 */
@NullMarked
package dev.mona.events;

import org.jspecify.annotations.NullMarked;
