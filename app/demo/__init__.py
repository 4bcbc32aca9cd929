"""The demonstration: invented providers, people and cases of the last years, made through the use-cases themselves.

providers.yaml and people.yaml hold who there is, the answers_*.yaml files and texts.yaml what they say. cast.py reads them,
words.py fills them with a provider's own facts, documents.py and library.py make the evidence. stage.py acts as each
person, plan.py and case.py are one application, stories.py tells what happens to it, and make.py lets all stories run in
the order of time.
"""
