// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import dev.stafette.delivery.command.CommandRunner;
import dev.stafette.delivery.command.ConversationRunner;
import dev.stafette.delivery.identity.Identity;
import java.nio.file.Path;

/**
 * What sessions of the service work with.
 * Thread: any (a value).
 *
 * @param scratch a directory of root's alone
 */
record DeputyParts(
        Identity identity,
        CommandRunner commands,
        ConversationRunner conversations,
        Mailboxes mailboxes,
        Path scratch,
        LetterMemory memory,
        long messageBytesMax) {}
