/**
 * The report of a run or of a comparison: one page of HTML that needs no network, no script and no
 * other file. {@link dev.mona.html.RunReport} and {@link dev.mona.html.ComparisonReport} read what
 * runs leave and know nothing of how they are run. Charts are SVG, in colours of the page's style
 * sheet, so that they follow the reader's choice of dark or light. Text from data is escaped by
 * {@link dev.mona.html.Markup} and nowhere else.
 */
@NullMarked
package dev.mona.html;

import org.jspecify.annotations.NullMarked;
