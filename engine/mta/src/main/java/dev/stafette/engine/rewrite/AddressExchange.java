// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.codec.address.MailAddress;

/** Makes one address of another. Thread: any (it does not change). */
interface AddressExchange {
    /** Of one that is not null; itself where it stays as it is. */
    MailAddress exchange(MailAddress address, MappingRun run);
}
