package dev.mona.metalearning;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Which way virtual steps go, and where from there v is taken.
 *
 * @param point where v is taken
 * @param preconditioning Adam's diagonal; null for steps along the plain gradient
 */
public record VirtualSteps(OuterPoint point, @Nullable Preconditioning preconditioning)
    implements Serializable {}
