"""Letters as the world sends them: well made, old-fashioned, and broken. A name, and the octets."""


def letter(*lines):
    return b"\r\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)


def multipart(kind, boundary, *parts, preamble=(), epilogue=(), closed=True):
    lines = [f"Content-Type: multipart/{kind}; boundary=\"{boundary}\"", "", *preamble]
    for part in parts:
        lines += [f"--{boundary}", *part]
    return [*lines, *([f"--{boundary}--"] if closed else []), *epilogue]


def nested(depth):
    lines = ["Content-Type: text/plain", "", "in the middle"]
    for i in range(depth):
        lines = multipart("mixed", f"level{i}", lines)
    return lines


HEAD = ["From: Ann <ann@example.com>", "To: Bob <bob@example.org>", "Subject: A letter", "Date: Tue, 24 Nov 2026 09:00:00 +0000",
        "Message-ID: <m@example.com>", "MIME-Version: 1.0"]
PLAIN = ["Content-Type: text/plain; charset=us-ascii", "", "Hello", ""]
HTML = ["Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "", "<p>Hola=20=C3=A1</p>"]
PICTURE = ["Content-Type: image/png; name=\"a b.png\"", "Content-Transfer-Encoding: base64",
           "Content-Disposition: attachment; filename=\"a b.png\"; size=3", "Content-ID: <pic@example.com>",
           "Content-Description: A picture", "Content-Language: en, es", "Content-Location: http://example.com/a.png",
           "Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==", "", "AAEC", ""]

LETTERS = {
    # Headers
    "plain": letter(*HEAD, *PLAIN),
    "no MIME at all": letter("From: a@example.com", "", "just text"),
    "no header": letter("", "only a body"),
    "no body": letter("From: a@example.com", "Subject: nothing follows", ""),
    "no empty line": letter("From: a@example.com", "Subject: the end"),
    "empty": b"\r\n",
    "several of each": letter("From: a@example.com, \"B, C\" <b@example.com>", "Sender: s@example.com", "Reply-To: r@example.com",
                              "To: one@example.com", "To: two@example.com", "Cc: c1@example.com,c2@example.com", "Bcc: d@example.com",
                              "In-Reply-To: <x@example.com> <y@example.com>", "Subject: several", "", "x"),
    "groups": letter("From: a@example.com", "To: Friends: bob@example.com, \"Carol C.\" <carol@example.com>;, dave@example.com",
                     "Cc: undisclosed-recipients:;", "", "x"),
    "comments": letter("From: (before) ann@example.com (Ann (nested) A.)", "To: Bob (the builder) <bob@(here)example.org>",
                       "Date: Tue, 24 Nov 2026 09:00:00 +0000 (UTC)", "Subject: (not a comment)", "", "x"),
    "quoted": letter("From: \"Ann \\\"the \\\\ pen\\\"\" <\"a n n\"@example.com>", "To: \"\" <x@example.com>", "", "x"),
    "obsolete route": letter("From: <@one.example,@two.example:ann@example.com>", "To: Joe Q. Public <john.q.public@example.com>", "", "x"),
    "literal domain": letter("From: ann@[192.0.2.1]", "To: bob@[IPv6:2001:db8::1]", "", "x"),
    "no domain": letter("From: root", "To: \"a\" <b>", "Cc: <>", "", "x"),
    "folded": letter("From: Ann", "\t<ann@example.com>", "Subject: a line", " that goes on", "\tand on", "To: bob@example.org,", " carol@example.org", "", "x"),
    "folded subject that begins late": letter("From: a@example.com", "Subject:", " late", "", "x"),
    "spaces around": letter("From:    a@example.com   ", "Subject:   two  spaces   ", "", "x"),
    "eight bits in the header": "From: Bärbel <b@example.com>\r\nSubject: Grüße aus Köln\r\n\r\nx".encode(),
    "latin one in the header": "From: Bärbel <b@example.com>\r\nSubject: Grüße\r\n\r\nx".encode("latin-1"),
    "encoded words": letter("From: =?UTF-8?Q?B=C3=A4rbel?= <b@example.com>", "Subject: =?UTF-8?B?R3LDvMOfZQ==?= =?ISO-8859-1?Q?a=FCs?=", "", "x"),
    "cyrillic": letter("From: =?UTF-8?B?0JDQvdC90LA=?= <anna@example.com>", "Subject: =?UTF-8?B?0K/RgNC80LDRgNC60LA=?=", "X-Order: 1", "Content-Type: text/plain; charset=utf-8", "", "Привет, мир"),
    "cyrillic in capitals": "From: ИВАН <ivan@example.com>\r\nSubject: Re: ЯРМАРКА\r\nX-Order: 2\r\n\r\nx".encode(),
    "greek": "From: Σοφία <sofia@example.com>\r\nSubject: σοφός\r\nX-Order: 3\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nΑΎΡΙΟ".encode(),
    "taken apart": "From: a\u0301ngel <angel@example.com>\r\nSubject: man\u0303ana\r\nX-Order: 4\r\n\r\nx".encode(),
    "put together": "From: Ángel <angel@example.com>\r\nSubject: MAÑANA\r\nX-Order: 5\r\n\r\nx".encode(),
    "full width": "From: a <a@example.com>\r\nSubject: ＡＢＣ ǅ Å\r\nX-Order: 6\r\n\r\nx".encode(),
    "hangul and han": "From: b <b@example.com>\r\nSubject: 각 中文\r\nX-Order: 7\r\n\r\nx".encode(),
    "empty fields": letter("From:", "To:", "Subject:", "Date:", "Message-ID:", "", "x"),
    "a field with no colon": letter("From: a@example.com", "this is no field", "Subject: after it", "", "x"),
    "space before the colon": letter("From : a@example.com", "Subject : spaced", "", "x"),
    "odd dates": letter("From: a@example.com", "Date: yesterday, about nine", "", "x"),
    "no message id": letter("From: a@example.com", "Message-ID: not-in-brackets", "In-Reply-To: Your letter of Tuesday", "", "x"),
    "quotes in the subject": letter("From: a@example.com", "Subject: say \"cheese\" \\ now", "", "x"),
    "a long subject": letter("From: a@example.com", "Subject: " + "word " * 180, "", "x"),
    "sender without from": letter("Sender: s@example.com", "", "x"),
    "semicolon list": letter("From: a@example.com", "To: one@example.com; two@example.com", "", "x"),
    "brackets left open": letter("From: Ann <ann@example.com", "To: \"Bob <bob@example.com>", "", "x"),
    # Content-Type and its friends
    "type only": letter("Content-Type: text", "", "x"),
    "type in capitals": letter("CONTENT-TYPE: TEXT/HTML; CHARSET=\"UTF-8\"; Format=Flowed", "", "x"),
    "type that is no type": letter("Content-Type: ;;;", "", "x"),
    "charset without quotes and with": letter("Content-Type: text/plain; charset=\"iso-8859-1\"; format=flowed; delsp=yes", "", "x"),
    "parameter without value": letter("Content-Type: text/plain; charset", "", "x"),
    "comment in the type": letter("Content-Type: text/plain (a comment); charset=us-ascii (another)", "", "x"),
    "parameter in pieces": letter("Content-Type: application/x-thing; name*0=\"a long \"; name*1=\"file name.txt\"", "", "x"),
    "parameter in a charset": letter("Content-Type: application/x-thing; name*=utf-8'en'%e2%82%ac%20rates", "", "x"),
    "parameter in pieces and a charset": letter("Content-Disposition: attachment; filename*0*=us-ascii'en'This%20is%20even%20more%20;",
                                                " filename*1*=%2A%2A%2Afun%2A%2A%2A%20; filename*2=\"isn't it!\"", "Content-Type: application/x-thing", "", "x"),
    "encodings": letter("Content-Type: text/plain", "Content-Transfer-Encoding: BASE64", "", "SGVsbG8=", ""),
    "unknown encoding": letter("Content-Type: text/plain", "Content-Transfer-Encoding: x-uuencode", "", "begin", ""),
    "encoding with a comment": letter("Content-Type: text/plain", "Content-Transfer-Encoding: (why) quoted-printable (not)", "", "x"),
    "eight bits in the body": "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nárbol €\r\n".encode(),
    # Multiparts
    "alternative": letter(*HEAD, *multipart("alternative", "b", PLAIN, HTML)),
    "attachment": letter(*HEAD, *multipart("mixed", "=_x?:b", PLAIN, PICTURE, preamble=["This is a multi-part message.", ""], epilogue=["", "the end"])),
    "related in alternative in mixed": letter(*HEAD, *multipart("mixed", "m", multipart("alternative", "a", PLAIN, multipart("related", "r", HTML, PICTURE)), PICTURE)),
    "not closed": letter(*HEAD, *multipart("mixed", "b", PLAIN, HTML, closed=False)),
    "no boundary parameter": letter(*HEAD, "Content-Type: multipart/mixed", "", "--b", "", "x", "--b--"),
    "boundary that never comes": letter(*HEAD, "Content-Type: multipart/mixed; boundary=never", "", "no such line", ""),
    "only the closing boundary": letter(*HEAD, "Content-Type: multipart/mixed; boundary=b", "", "--b--", ""),
    "empty parts": letter(*HEAD, *multipart("mixed", "b", [""], ["", ""], [])),
    "part without header": letter(*HEAD, *multipart("mixed", "b", ["", "no header here"])),
    "spaces behind the boundary": letter(*HEAD, "Content-Type: multipart/mixed; boundary=b", "", "--b  ", "", "one", "--b\t", "", "two", "--b--  ", ""),
    "boundary that begins another": letter(*HEAD, *multipart("mixed", "b", multipart("mixed", "bb", PLAIN, PLAIN), PLAIN)),
    "inner one not closed": letter(*HEAD, *multipart("mixed", "outer", multipart("mixed", "inner", PLAIN, closed=False), PLAIN)),
    "the same boundary inside": letter(*HEAD, *multipart("mixed", "b", multipart("mixed", "b", PLAIN), PLAIN)),
    "digest": letter(*HEAD, *multipart("digest", "d", ["", "From: x@example.com", "Subject: one", "", "first"], ["Content-Type: message/rfc822", "", "Subject: two", "", "second"])),
    "boundary with quoted space": letter(*HEAD, *multipart("mixed", "a b c", PLAIN)),
    "nested twenty deep": letter(*HEAD, *nested(20)),
    "an opening boundary at the end": letter(*HEAD, *multipart("mixed", "b", PLAIN))[:-2],
    # Letters in letters
    "forwarded": letter(*HEAD, *multipart("mixed", "b", PLAIN, ["Content-Type: message/rfc822", "Content-Disposition: inline", "", *HEAD, *PLAIN])),
    "forwarded multipart": letter(*HEAD, *multipart("mixed", "b", PLAIN, ["Content-Type: message/rfc822", "", *HEAD, *multipart("alternative", "c", PLAIN, HTML)])),
    "forwarded from another": letter(*HEAD, *multipart("mixed", "b", PLAIN, ["Content-Type: message/rfc822", "", "Subject: zebra crossing",
                                                        "From: zoe@example.net", *multipart("mixed", "c", PICTURE, PLAIN)])),
    "a letter as the whole": letter(*HEAD, "Content-Type: message/rfc822", "", *HEAD, *PLAIN),
    "a letter in a letter in a letter": letter(*HEAD, "Content-Type: message/rfc822", "", *HEAD, "Content-Type: message/rfc822", "", *HEAD, *multipart("mixed", "b", PLAIN, PICTURE)),
    "an empty letter inside": letter(*HEAD, *multipart("mixed", "b", ["Content-Type: message/rfc822", ""])),
    "report": letter(*HEAD, *multipart("report; report-type=delivery-status", "r", PLAIN,
                                       ["Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example.org", "", "Final-Recipient: rfc822; x@example.org", "Action: failed", "Status: 5.1.1", ""],
                                       ["Content-Type: text/rfc822-headers", "", *HEAD, ""])),
    "external body": letter(*HEAD, "Content-Type: message/external-body; access-type=URL; URL=\"http://example.com/\"", "", "Content-Type: text/html", ""),
    "encoded letter": letter(*HEAD, "Content-Type: message/rfc822", "Content-Transfer-Encoding: base64", "", "U3ViamVjdDogeA0KDQp5", ""),
}
