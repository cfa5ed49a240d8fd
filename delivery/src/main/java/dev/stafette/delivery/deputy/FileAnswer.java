// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import dev.stafette.delivery.identity.UserIds;
import dev.stafette.delivery.mailbox.FactsWork;
import dev.stafette.delivery.mailbox.FileFacts;
import dev.stafette.delivery.mailbox.PieceWork;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/**
 * Questions about files and their answers: works that take no message.
 * Thread: any.
 */
final class FileAnswer {
    static final String FACTS = "facts";
    static final String PIECE = "piece";

    private FileAnswer() {}

    static WorkFields of(FactsWork work, UserIds user) {
        return begin(FACTS, work.file(), user).put("follow", work.followsLink() ? 1 : 0);
    }

    static WorkFields of(PieceWork work, UserIds user) {
        return begin(PIECE, work.file(), user).put("from", work.offset());
    }

    private static WorkFields begin(String kind, Path file, UserIds user) {
        WorkFields fields = new WorkFields().put("work", kind).put("path", file.toString());
        CommandWork.user(user, fields);
        return fields;
    }

    static FactsWork facts(WorkFields fields) throws IOException {
        return new FactsWork(fields.path("path"), fields.number("follow") == 1);
    }

    static PieceWork piece(WorkFields fields) throws IOException {
        return new PieceWork(fields.path("path"), Math.max(0, fields.number("from")));
    }

    /** A byte is a character. */
    static WorkFields answer(byte[] piece) {
        return new WorkFields().put("text", new String(piece, StandardCharsets.ISO_8859_1));
    }

    static byte[] readPiece(WorkFields fields) throws IOException {
        return fields.text("text").getBytes(StandardCharsets.ISO_8859_1);
    }

    static WorkFields answer(FileFacts facts) {
        return new WorkFields()
                .put("mode", facts.mode())
                .put("uid", facts.uid())
                .put("gid", facts.gid())
                .put("links", facts.linkCount())
                .put("device", facts.device())
                .put("inode", facts.inode())
                .put("changed-ms", facts.changedMs());
    }

    static FileFacts readFacts(WorkFields fields) throws IOException {
        return new FileFacts(
                (int) fields.number("mode"),
                (int) fields.number("uid"),
                (int) fields.number("gid"),
                (int) fields.number("links"),
                fields.number("device"),
                fields.number("inode"),
                fields.number("changed-ms"));
    }

    /** Java hides in the class of some exceptions what has gone wrong. */
    static WorkFields answer(IOException e) {
        WorkFields fields = new WorkFields().put("failed", kind(e));
        if (e instanceof FileSystemException of) {
            fields.put("file", String.valueOf(of.getFile()));
            if (of.getReason() != null) {
                fields.put("reason", of.getReason());
            }
        } else {
            fields.put("reason", String.valueOf(e.getMessage()));
        }
        return fields;
    }

    private static String kind(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "missing";
        }
        if (e instanceof AccessDeniedException) {
            return "denied";
        }
        if (e instanceof NotDirectoryException) {
            return "no-directory";
        }
        return e instanceof FileSystemException ? "system" : "other";
    }

    static IOException readFailure(WorkFields fields) throws IOException {
        String reason = fields.all("reason").isEmpty() ? null : fields.text("reason");
        String kind = fields.text("failed");
        if (kind.equals("other")) {
            return new IOException(reason);
        }
        String file = fields.text("file");
        return switch (kind) {
            case "missing" -> new NoSuchFileException(file, null, reason);
            case "denied" -> new AccessDeniedException(file, null, reason);
            case "no-directory" -> new NotDirectoryException(file);
            default -> new FileSystemException(file, null, reason);
        };
    }
}
