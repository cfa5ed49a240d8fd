// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.engine.table.TableAnswer;

/**
 * What tables say of an address.
 * Thread: any (a value).
 *
 * @param extension what the key did not have, with its delimiter: {@code +x}; empty when the key had all of the local part,
 *     or nothing of it
 */
public record AddressMatch(TableAnswer answer, String extension) {
    static final AddressMatch NOT_FOUND = new AddressMatch(TableAnswer.notFound(), "");
}
