// SPDX-License-Identifier: Apache-2.0
/** Tests of the servers that check logins. */
@NullMarked
package dev.stafette.engine.auth;

import org.jspecify.annotations.NullMarked;
