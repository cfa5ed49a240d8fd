// SPDX-License-Identifier: Apache-2.0
/** Fixtures for tests of all modules: input cut in every way, and a slow model of how text is stored. */
@NullMarked
package dev.stafette.codec.testing;

import org.jspecify.annotations.NullMarked;
