// SPDX-License-Identifier: Apache-2.0
/**
 * What it costs to make messages durable, and how many share a sync.
 */
@NullMarked
package dev.stafette.bench.storage;

import org.jspecify.annotations.NullMarked;
