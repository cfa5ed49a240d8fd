// SPDX-License-Identifier: Apache-2.0
/**
 * In whose name files are touched and programs run: the account of the process, or, where the process may take on others,
 * the account that a delivery is for.
 *
 * <p>Thread: whichever does the work; a file work runs on the caller's. It refuses to know what a mailbox or a message is.
 */
@NullMarked
package dev.stafette.delivery.identity;

import org.jspecify.annotations.NullMarked;
