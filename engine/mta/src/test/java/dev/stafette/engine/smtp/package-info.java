// SPDX-License-Identifier: Apache-2.0
/** Dialogues with the server, the way of messages into a fake queue, and what hostile clients do. */
@NullMarked
package dev.stafette.engine.smtp;

import org.jspecify.annotations.NullMarked;
