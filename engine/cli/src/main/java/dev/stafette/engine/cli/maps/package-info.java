// SPDX-License-Identifier: Apache-2.0
/**
 * Commands about lookup tables: postmap, postalias, newaliases. Thread: main.
 */
@NullMarked
package dev.stafette.engine.cli.maps;

import org.jspecify.annotations.NullMarked;
