// SPDX-License-Identifier: Apache-2.0
/**
 * Looks into the content of messages, field by field and line by line, by tables: header_checks(5) and its like, when mail comes
 * in and when it goes out. It walks, asks and edits; what an answer means for the message is for whoever listens.
 * Thread: that of the walk, an event loop or a worker.
 *
 * <p>Nothing here keeps a message: a piece of it is walked while it passes, and written anew only where something in it changes.
 * The room knows neither queue nor sessions. RFC 5322 §2.2, RFC 2045, RFC 2046 §5.1.
 */
@NullMarked
package dev.stafette.engine.checks;

import org.jspecify.annotations.NullMarked;
