"""The words that demo data is made of; every name is invented."""

from __future__ import annotations

FIRST_NAMES = (
    "Amara", "José", "Zoë", "Łukasz", "Mirela", "Tobias", "Ingrid", "Kwame", "Noor", "Élodie", "Radu", "Siobhán",
    "Mateo", "Anneke", "Dmitri", "Yuki", "Farah", "Bogdan", "Celeste", "Emeka", "Greta", "Hassan", "Ioana", "Jun",
    "Katarina", "Leandro", "Marit", "Nadia", "Oskar", "Priya", "Quentin", "Rosalind", "Stellan", "Tamsin", "Ulrike",
    "Viktor", "Wanda", "Ximena", "Yannick", "Zeynep", "Alba", "Björn", "Chiara", "Dario", "Esther", "Florin", "Gita",
    "Henrik", "Imke", "Jarek", "Kirsten", "Lorenzo", "Malika", "Nils", "Odile", "Pavel", "Renske", "Samir", "Thandi",
    "Uma", "Vesna", "Willem", "Xavi", "Yara", "Zdenka", "A.", "Birgit", "Corin", "Delia", "Eskil", "Fenna", "Goran",
    "Hilde", "Ivo", "Joana", "Kaspar", "Lena-Marie", "Milan", "Ольга", "桜",
)  # fmt: skip
LAST_NAMES = (
    "Ångström", "Bellweather", "Castellane", "Drăgulin", "Eastmoor", "Fjeldgaard", "Grünfelder", "Hollowell",
    "Iversholt", "Jankovar", "Kestrelby", "Lindqvale", "Montclerc", "Northgate", "Okwonaro", "Pemberlock", "Quillfeather",
    "Rosenvang", "Stavrescu", "Thornquist", "Umbergast", "Vanderloop", "Westergrove", "Xanthopol", "Yardlington",
    "Zábranek", "Ashcombe", "Brightwater", "Calderón-Ruy", "Dunmarrow", "Elderfield", "Fairbourne", "Glenhaven",
    "Harrowgate", "Inverlund", "Juniperry", "Kirkstall", "Larkmoor", "Marchbanks", "Nettlefold", "O'Tarrow", "Penhallow",
    "Ravenscar", "Silverlake", "Tidewell", "Underhay", "Valebrook", "Wintersea", "Yewbarrow", "Zellwood", "Amberley",
    "Blackthorn", "Copperfen", "Dovecote", "Evermere", "Foxglen", "Greystone", "Highmoor", "Ironbridge", "Jessamyn",
    "Kettlewell", "Longacre", "Millrace", "Newbiggin", "Oakhollow", "Pinecrest", "Quarrydale", "Redfern", "Saltmarsh",
    "Thistledown", "Upperdale", "Vinterberg", "Whitcombe", "Yarrow", "Zwartveld", "Aldersey", "Birchwood", "Cliffside",
    "Daleford", "Emberly", "Fernhill", "Goldcrest", "Hazelton", "Islesmoor", "Jadewell", "Kingsmere", "Leafield",
    "Moorcroft", "Nightingale-Poe", "Orchardleigh", "Pebbleton", "Quickbeam", "Riverstone", "Sandhurstle", "Tallis",
    "Umberton", "Violetta", "Woolacre", "Yellowlees", "Zephyrine", "Applegarth", "Bramblett", "Crowhurst", "Dewsnap",
    "Elmstead", "Frostby", "Gorsefield", "Heathering", "Ivyleaf", "Juddmoor", "Knollys", "Lavendon", "Mistral",
    "Nutbourne", "Otterburn", "Primrosette", "Quenby", "Rushmere", "Swanwickel", "Teasdale",
)  # fmt: skip
COMPANY_NAMES = (
    "Harbourlight", "Quillon", "Tessaro", "Umbrafield", "Veldora", "Brindlewick", "Castrovane", "Dunlarke", "Elmora",
    "Fennimore", "Galdwyn", "Hexaloom", "Ivoryth", "Jandaro", "Kelpwood", "Lumenvale", "Morrowind", "Nexhaven",
    "Orlavista", "Pellucida", "Quarzelle", "Rivermonde", "Solvanta", "Tarnwell", "Ulverton", "Vantreel", "Wexford Vale",
    "Xylora", "Yonderby", "Zephyrock", "Auremont", "Bellavance", "Corvanta", "Drakmoor", "Estrelle", "Fjordane",
    "Glimmerstad", "Haldenby", "Isorelle", "Juvanta", "Korrigane", "Lorimandel", "Mistralis", "Northvane", "Ondaria",
    "Palisandre", "Quintessa", "Ravelune", "Stellamar", "Thalorn", "Uxmere", "Valdorin", "Wyrmstead", "Xantheon",
    "Ysolde", "Zarvane", "Amberquill", "Bryndale", "Cindermoor", "Dovetree",
)  # fmt: skip
TRADES = {
    "logistics": ("Logistics", "Freight"),
    "food": ("Foods", "Provisions"),
    "health": ("Bioworks", "Care"),
    "software": ("Systems", "Software"),
    "energy": ("Energy", "Power"),
    "design": ("Studio", "Design"),
    "education": ("Academy", "Learning"),
    "manufacturing": ("Works", "Industries"),
}
CITIES = (
    ("Lisbon", "Portugal", "1100-042", "", 38.72, -9.14, "Rua das Velas"),
    ("Cluj-Napoca", "Romania", "400001", "", 46.77, 23.59, "Strada Fântânii"),
    ("Bucharest", "Romania", "010011", "", 44.43, 26.1, "Calea Teiului"),
    ("Lyon", "France", "69002", "", 45.76, 4.83, "Rue des Orfèvres"),
    ("Hamburg", "Germany", "20095", "", 53.55, 9.99, "Kontorgasse"),
    ("Leipzig", "Germany", "04109", "", 51.34, 12.37, "Lindenhof"),
    ("Bristol", "United Kingdom", "BS1 4QA", "", 51.45, -2.59, "Cooper's Yard"),
    ("Leeds", "United Kingdom", "LS1 3AB", "", 53.8, -1.55, "Foundry Row"),
    ("Portland", "United States", "97201", "Oregon", 45.52, -122.68, "Larch Street"),
    ("Austin", "United States", "78701", "Texas", 30.27, -97.74, "Mesquite Avenue"),
    ("Toronto", "Canada", "M5V 2T6", "Ontario", 43.65, -79.38, "Maple Court"),
    ("Melbourne", "Australia", "3000", "Victoria", -37.81, 144.96, "Wattle Lane"),
)
RANKS = ("Head of", "Director of", "Manager,", "Specialist,")
AREAS = (
    "Operations", "Procurement", "Finance", "Product", "Marketing", "Sales", "Quality", "Logistics", "People", "Data",
)  # fmt: skip
SUBJECTS = (
    "rollout", "pilot", "renewal 2027", "expansion", "migration", "training days", "support plan", "second site",
    "data clean-up", "reporting", "integration", "audit", "warehouse project", "onboarding", "framework agreement",
    "seasonal stock", "field team", "upgrade", "redesign", "annual licence",
)  # fmt: skip
NOTE_TITLES = (
    "Call with {first}", "{company}: requirements", "Site visit", "Notes on the offer", "Meeting with {first}",
    "{company}: next steps", "Budget talk", "Feedback from {first}", "Open questions", "Demo at {company}",
    "Renewal thoughts", "Contract terms", "{company}: risks", "Lunch with {first}", "Kick-off", "Retrospective",
    "Pricing", "{company}: org chart", "Introduction to {first}", "Security review", "Data protection", "Timeline",
    "{company}: success criteria", "Travel plans", "Ideas",
)  # fmt: skip
TASK_TITLES = (
    "Send the offer to {first}", "Call {first} back", "Prepare the demo for {company}", "Update the forecast",
    "Ask {first} for the figures", "Draft the contract", "Book the training room", "Check the invoice of {company}",
    "Write the summary", "Plan the site visit", "Invite {first} to the webinar", "Review the security questionnaire",
)  # fmt: skip
OPENINGS = (
    "They asked for", "We agreed on", "The team wants", "It would help to have", "Next month brings", "Nobody objected to",
    "There is still doubt about", "The budget covers", "Legal has to look at", "Everyone liked",
)  # fmt: skip
MIDDLES = (
    "a shorter pilot", "two more seats", "the new price list", "a visit on site", "weekly calls", "a clear timeline",
    "the import of old data", "training in Romanian", "a second reference", "fewer manual steps", "the mobile app",
    "a written summary", "an early start", "the quarterly review", "a single contact",
)  # fmt: skip
TAGS = ("annual", "pilot", "priority", "partner", "education", "legacy")
