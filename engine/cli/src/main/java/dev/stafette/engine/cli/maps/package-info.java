// SPDX-License-Identifier: Apache-2.0
/**
 * Commands about lookup tables: postmap(1), postalias(1), newaliases(1). Thread: main.
 */
@NullMarked
package dev.stafette.engine.cli.maps;

import org.jspecify.annotations.NullMarked;
