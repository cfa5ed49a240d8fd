# SPDX-License-Identifier: Apache-2.0
# Talks to the server on the port that is its first argument, with Python's smtplib, and prints one line a case.
import smtplib
import sys

PORT = int(sys.argv[1])


def connect():
    return smtplib.SMTP("127.0.0.1", PORT, "client.test", timeout=30)


def many_recipients():
    with connect() as smtp:
        refused = smtp.sendmail(
            "sender@py.test",
            ["one@many.py.test", "two@many.py.test", "u@[300.1.1.1]", "three@many.py.test"],
            b"Subject: many\r\n\r\n.dot\r\n..two dots\r\n.\r\nlast line without an end",
        )
        return sorted((who, reply[0], reply[1].decode()) for who, reply in refused.items())


def eight_bit():
    with connect() as smtp:
        smtp.ehlo()
        options = ["BODY=8BITMIME"] if smtp.has_extn("8bitmime") else []
        refused = smtp.sendmail(
            "sender@py.test",
            ["u@eight.py.test"],
            "Subject: acht\r\n\r\nGrüße\r\n".encode(),
            mail_options=options,
        )
        return options, refused


def announced_too_big():
    with connect() as smtp:
        try:
            smtp.sendmail("sender@py.test", ["u@big.py.test"], b"Subject: x\r\n\r\n" + b"x" * 70 * 1024)
        except smtplib.SMTPSenderRefused as e:
            return e.smtp_code, e.smtp_error.decode(), smtp.noop()[0]


def too_big_without_saying_so():
    with connect() as smtp:
        smtp.ehlo()
        smtp.docmd("MAIL FROM:<sender@py.test>")
        smtp.rcpt("u@big.py.test")
        code, text = smtp.data((b"x" * 76 + b"\r\n") * 1000)
        return code, text.decode(), smtp.noop()[0]


def notifications():
    with connect() as smtp:
        smtp.sendmail(
            "sender@py.test",
            ["u@dsn.py.test"],
            b"Subject: x\r\n\r\nx\r\n",
            mail_options=["RET=HDRS", "ENVID=x+2By"],
            rcpt_options=["NOTIFY=FAILURE,DELAY", "ORCPT=rfc822;other@dsn.py.test"],
        )
        return smtp.has_extn("dsn")


def a_recipient_beyond_ascii():
    with connect() as smtp:
        return smtp.sendmail(
            "sender@back.py.test", ["δοκιμή@utf8.py.test"], b"Subject: x\r\n\r\nx\r\n", mail_options=["SMTPUTF8"]
        )


def several_messages_of_a_session():
    with connect() as smtp:
        for i in range(3):
            smtp.sendmail("sender@py.test", ["u@several.py.test"], b"Subject: %d\r\n\r\nmessage %d\r\n" % (i, i))
        smtp.rset()
        return smtp.verify("u@several.py.test")[0], smtp.docmd("XYZZY")[0], smtp.quit()[0]


for case in (
    many_recipients,
    eight_bit,
    announced_too_big,
    too_big_without_saying_so,
    notifications,
    a_recipient_beyond_ascii,
    several_messages_of_a_session,
):
    print(case.__name__, case())
