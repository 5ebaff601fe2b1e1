/** The whole function h(f(e(x))), and the source representation. */
@NullMarked
package dev.mona.network;

import org.jspecify.annotations.NullMarked;
