// SPDX-License-Identifier: Apache-2.0
/** The installation between programs that others wrote: Postfix's test programs, swaks, Python's smtplib. */
@NullMarked
package dev.stafette.engine.peers;

import org.jspecify.annotations.NullMarked;
