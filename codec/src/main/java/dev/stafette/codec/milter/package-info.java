// SPDX-License-Identifier: Apache-2.0
/**
 * The language of milters, Sendmail's mail filters, in the versions 2 to 6 that libmilter speaks: packets of four bytes of length,
 * a command or a reply of one byte, and its data.
 *
 * <p>Thread: any. It refuses to know connections, and what is done with what a milter says.
 */
@NullMarked
package dev.stafette.codec.milter;

import org.jspecify.annotations.NullMarked;
