/** What commands print: plans, runs, diagnoses and stored files as text and as JSON. */
@NullMarked
package dev.mona.cli.text;

import org.jspecify.annotations.NullMarked;
