/**
 * Trackers of others beside the run's own files: TensorBoard's event files and a server of MLflow.
 * They are told what the {@linkplain dev.mona.events.RunListener events} tell, on threads of their
 * own, and never end a run. Nothing else depends on them.
 */
@NullMarked
package dev.mona.tracking;

import org.jspecify.annotations.NullMarked;
