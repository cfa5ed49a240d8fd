// SPDX-License-Identifier: Apache-2.0
/**
 * As whom smtp(8) logs in at a server: what a client asks for before AUTH, and what it gets.
 *
 * <p>Thread: event loop. It refuses to know where passwords are kept: whoever opens the transport has a
 * {@link dev.stafette.delivery.auth.CredentialSource}.
 */
@NullMarked
package dev.stafette.delivery.auth;

import org.jspecify.annotations.NullMarked;
