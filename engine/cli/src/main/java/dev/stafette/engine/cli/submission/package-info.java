// SPDX-License-Identifier: Apache-2.0
/**
 * Commands that hand in mail: sendmail(1), postdrop(1). Thread: main.
 */
@NullMarked
package dev.stafette.engine.cli.submission;

import org.jspecify.annotations.NullMarked;
