// SPDX-License-Identifier: Apache-2.0
/**
 * Shows and edits main.cf and master.cf as they are written: what {@code postconf} does.
 *
 * <p>The mail system itself reads these files through {@code engine.config}, which demands that they make sense. Here
 * little is demanded, since this is what somebody repairs a file with; which names are parameters is told by config's
 * tables, and everything else is text. Texts, their order and the words of warnings are Postfix's: other people's
 * scripts read them. Files are read and written byte by byte (as ISO 8859-1), so that a comment in whatever encoding
 * survives an edit.
 *
 * <p>Thread: main, of a short-lived command. No lambdas and streams on the way of a question: they take longer to set up
 * than the answer takes.
 *
 * <p>In Postfix: postconf(1).
 */
@NullMarked
package dev.stafette.engine.postconf;

import org.jspecify.annotations.NullMarked;
