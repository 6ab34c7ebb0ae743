"""Which fixed words stand on papers, in which languages?

A paper is written in its own language, whoever asks for it, so its words are not those of the reader's pages.
"""

from datetime import date

_EN = {
    "road_map": "Road map %s",
    "between": "between %s",
    "and": "and",
    "clean": "Clean text",
    "bracketed": "Bracketed text",
    "comparison": "Comparison of the proposals",
    "columns": "Positions of the parties",
    "languages": "Text in both languages",
    "initialled": "Initialled copy",
    "alternat": "Copy of %s",
    "certificate": "Certificate of verification",
    "as_of": "State of %s: %s",
    "entries": "%s entry %d",
    "measures": "Measures",
    "number": "№",
    "action": "Action",
    "bodies": "Responsible",
    "deadline": "Deadline",
    "completion": "Form of completion",
    "indicator": "Indicator",
    "compromise": "Compromise",
    "not_agreed": "Not agreed: the wordings stand in brackets in the bracketed text.",
    "no_words": "no words in this language yet",
    "inserted": "new",
    "received": "* as received by another party; not signed by the party itself.",
    "scrutiny": "scrutiny reserve",
    "parliamentary": "parliamentary reserve",
    "linguistic": "linguistic reserve",
    "substantive": "substantive reserve",
    "reserve": "%s: %s since %s",
    "reconstruction": "Reconstruction: no text of the real road map was ever published.",
    "illustrative": "Conflicting wordings are illustrative.",
    "for": "For %s",
    "signature": "signature",
    "initials": "initials",
    "was_initialled": "Initialled for %s on %s (%s entry %d).",
    "was_sealed": "Sealed for %s on %s (%s entry %d).",
    "fingerprint": "Fingerprint of the whole text: %s",
    "page": "Page %d of %d",
    "done": "Done in %s copies, in the %s, all texts being equally authentic.",
    "done_one": "Done in %s copies, in the %s.",
    "language_en": "English language",
    "language_ru": "Russian language",
    "language_be": "Belarusian language",
    "verified": "The lines below are those of which the fingerprint above is the root. Each names a "
    "provision or a measure by its number, the fingerprint of its words in each authentic language, and the "
    "entries by which each party chose them.",
    "counted": "Provisions and measures: %d. Authentic languages: %s. Inner references: %d, each leads to a "
    "provision of the text.",
    "pending": "Translations that are missing: %s.",
    "root": "The fingerprint was computed anew from the lines for this certificate, and is the same.",
    "by_hand": "We have compared the texts in these languages with each other and with the approved draft.",
    "title_line": "Title",
    "chosen": "Chosen by",
    "changes": "%d paragraphs, now %d. Changed: %d. Inserted: %d. Deleted: %d. Moved: %d. Renumbered: %d. "
    "Words struck: %d, added: %d.",
    "moved_here": "moved here: ",
    "moved_away": "moved away: ",
    "annex": "Annex: measures",
    "map": "Road map",
    "unit": "Unit",
    "target": "Target",
    "source": "Source",
    "status": "Status",
    "report": "Report",
    "not_started": "not started",
    "under_way": "under way",
    "carried_out": "carried out",
    "month": "January February March April May June July August September October November December",
    "day": "%d %s %d",
}
_RU = {
    "road_map": "Дорожная карта %s",
    "between": "между: %s",
    "and": "и",
    "clean": "Чистый текст",
    "bracketed": "Текст в квадратных скобках",
    "comparison": "Сравнение предложений",
    "columns": "Позиции сторон",
    "languages": "Текст на двух языках",
    "initialled": "Парафированный экземпляр",
    "alternat": "Экземпляр: %s",
    "certificate": "Акт сверки",
    "as_of": "Состояние на %s: %s",
    "entries": "%s, запись %d",
    "measures": "Мероприятия",
    "number": "№",
    "action": "Мероприятие",
    "bodies": "Ответственные исполнители",
    "deadline": "Срок",
    "completion": "Форма завершения",
    "indicator": "Показатель",
    "compromise": "Компромисс",
    "not_agreed": "Не согласовано: формулировки стоят в скобках в тексте в квадратных скобках.",
    "no_words": "на этом языке текста пока нет",
    "inserted": "новое",
    "received": "* передано другой стороне вне системы; самой стороной не подписано.",
    "scrutiny": "оговорка об изучении",
    "parliamentary": "парламентская оговорка",
    "linguistic": "лингвистическая оговорка",
    "substantive": "оговорка по существу",
    "reserve": "%s: %s с %s",
    "reconstruction": "Реконструкция: текст настоящей дорожной карты никогда не публиковался.",
    "illustrative": "Конкурирующие формулировки условны.",
    "for": "За сторону «%s»",
    "signature": "подпись",
    "initials": "парафы",
    "was_initialled": "Парафировано за сторону «%s» %s (%s, запись %d).",
    "was_sealed": "Скреплено печатью за сторону «%s» %s (%s, запись %d).",
    "fingerprint": "Отпечаток всего текста: %s",
    "page": "Страница %d из %d",
    "done": "Совершено в экземплярах: %s, язык текста: %s; все тексты имеют одинаковую силу.",
    "done_one": "Совершено в экземплярах: %s, язык текста: %s.",
    "language_en": "английский",
    "language_ru": "русский",
    "language_be": "белорусский",
    "verified": "Отпечаток, указанный выше, вычислен по приведённым ниже строкам. Каждая строка называет "
    "положение или мероприятие по номеру, отпечаток его слов на каждом аутентичном языке и записи, которыми "
    "стороны выбрали эти слова.",
    "counted": "Положений и мероприятий: %d. Аутентичные языки: %s. Внутренних ссылок: %d, каждая ведёт к "
    "положению текста.",
    "pending": "Недостающих переводов: %s.",
    "root": "При составлении этого акта отпечаток был заново вычислен по строкам и совпал.",
    "by_hand": "Мы сверили тексты на указанных языках между собой и с одобренным проектом.",
    "title_line": "Название",
    "chosen": "Выбрано записями",
    "changes": "Абзацев: %d, стало %d. Изменено: %d. Вставлено: %d. Исключено: %d. Перемещено: %d. "
    "Перенумеровано: %d. Слов вычеркнуто: %d, добавлено: %d.",
    "moved_here": "перемещено сюда: ",
    "moved_away": "перемещено отсюда: ",
    "annex": "Приложение: мероприятия",
    "map": "Дорожная карта",
    "unit": "Единица",
    "target": "Целевое значение",
    "source": "Источник",
    "status": "Состояние",
    "report": "Отчёт",
    "not_started": "не начато",
    "under_way": "выполняется",
    "carried_out": "выполнено",
    "month": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "day": "%d %s %d г.",
}
_WORDS = {"en": _EN, "ru": _RU}


def label(language: str, name: str, *parts: object) -> str:
    """A fixed word in a language; Russian stands in for Belarusian, English for any other."""
    words = _WORDS.get("ru" if language == "be" else language, _EN)
    return words[name] % parts if parts else words[name]


def day(language: str, iso: str) -> str:
    """A date in words; what is no date stays as it is."""
    try:
        found = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    return label(language, "day", found.day, label(language, "month").split()[found.month - 1], found.year)
