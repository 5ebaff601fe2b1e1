/**
 * What a configuration names, opened and checked: data, weights, tokenizer, source samples, and the
 * model that goes to the executors. Writes nothing; whatever is wrong with an input ends here.
 */
@NullMarked
package dev.mona.inputs;

import org.jspecify.annotations.NullMarked;
