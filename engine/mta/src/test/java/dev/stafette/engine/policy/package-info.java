// SPDX-License-Identifier: Apache-2.0
/** Tests of the client of policy servers. */
@NullMarked
package dev.stafette.engine.policy;

import org.jspecify.annotations.NullMarked;
