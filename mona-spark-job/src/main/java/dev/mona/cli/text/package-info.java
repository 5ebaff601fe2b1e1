/** What commands print: plans, runs, diagnoses and stored files as text. */
@NullMarked
package dev.mona.cli.text;

import org.jspecify.annotations.NullMarked;
