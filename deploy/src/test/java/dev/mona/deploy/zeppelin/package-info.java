/** The notebooks on a real Zeppelin server, with a Scala interpreter of the tests' own. */
@NullMarked
package dev.mona.deploy.zeppelin;

import org.jspecify.annotations.NullMarked;
