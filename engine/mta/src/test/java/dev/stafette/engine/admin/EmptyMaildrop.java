// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import java.util.List;

/** Nothing waits in it. */
final class EmptyMaildrop implements MaildropControl {
    @Override
    public void ids(String after, int limit, IdsListener listener) {
        listener.onIds(List.of());
    }

    @Override
    public void messages(List<String> ids, MessagesListener listener) {
        listener.onMessages(List.of());
    }

    @Override
    public void content(String id, long offset, int limit, QueueReader.ContentListener listener) {
        listener.onContent(null);
    }

    @Override
    public void delete(List<String> ids, IdsListener listener) {
        listener.onIds(List.of());
    }
}
