/** A small learner, data and Spark contexts for the tests of the distributed loop. */
@NullMarked
package dev.mona.example;

import org.jspecify.annotations.NullMarked;
