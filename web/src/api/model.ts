/** The workspace's data model, as the Metadata API tells it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { gql, metadata } from './metadata';

export interface ModelObject {
  id: string;
  nameSingular: string;
  namePlural: string;
  labelSingular: string;
  labelPlural: string;
  description: string | null;
  icon: string | null;
  isActive: boolean;
  isSystem: boolean;
  isCustom: boolean;
  labelIdentifierFieldMetadataId: string | null;
}

export interface Option {
  value: string;
  label: string;
  color: string | null;
  position: number;
}

export interface Relation {
  type: 'ONE_TO_MANY' | 'MANY_TO_ONE';
  targetObjectMetadata: { id: string; nameSingular: string; namePlural: string; labelPlural: string };
  targetFieldMetadata: { id: string; name: string; label: string };
}

export interface ModelField {
  id: string;
  name: string;
  label: string;
  type: string;
  description: string | null;
  isActive: boolean;
  isSystem: boolean;
  isCustom: boolean;
  isNullable: boolean;
  isUnique: boolean;
  isUIReadOnly: boolean;
  defaultValue: unknown;
  options: Option[] | null;
  settings: Record<string, unknown> | null;
  relation: Relation | null;
  morphRelations: Relation[] | null;
}

/** An object with its fields. */
export interface FullObject extends ModelObject {
  fields: ModelField[];
}

export interface NewField {
  objectMetadataId: string;
  name: string;
  label: string;
  type: string;
  description?: string;
  options?: { value: string; label: string; color: string; position: number }[];
}

export interface NewObject {
  nameSingular: string;
  namePlural: string;
  labelSingular: string;
  labelPlural: string;
  description?: string;
}

interface ObjectPage {
  objects: { edges: { node: ModelObject }[] };
}

const OBJECTS = gql`{
  objects(paging: {first: 1000}) {
    edges {
      node {
        id nameSingular namePlural labelSingular labelPlural description icon isActive isSystem isCustom
        labelIdentifierFieldMetadataId
      }
    }
  }
}`;
const OBJECT = gql`query ($id: UUID!) {
  object(id: $id) {
    id nameSingular namePlural labelSingular labelPlural description icon isActive isSystem isCustom
    labelIdentifierFieldMetadataId
    fieldsList {
      id name label type description isActive isSystem isCustom isNullable isUnique isUIReadOnly defaultValue options settings
      relation {
        type
        targetObjectMetadata { id nameSingular namePlural labelPlural }
        targetFieldMetadata { id name label }
      }
      morphRelations {
        type
        targetObjectMetadata { id nameSingular namePlural labelPlural }
        targetFieldMetadata { id name label }
      }
    }
  }
}`;
const COUNTS = gql`{ objectRecordCounts { objectNamePlural totalCount } }`;
const FIELD_IDS = gql`{ objects(paging: {first: 1000}) { edges { node { id fieldsList { id } } } } }`;
const VIEWS = gql`query ($objectMetadataId: String!) {
  getViews(objectMetadataId: $objectMetadataId, viewTypes: [TABLE]) {
    key
    viewFields { fieldMetadataId isVisible position size }
  }
}`;
const CREATE_FIELD = gql`mutation ($input: CreateOneFieldMetadataInput!) { createOneField(input: $input) { id } }`;
const CREATE_OBJECT = gql`mutation ($input: CreateOneObjectInput!) { createOneObject(input: $input) { id namePlural } }`;

/** A column of an object's own view. */
export interface ViewColumn {
  fieldMetadataId: string;
  isVisible: boolean;
  position: number;
  size: number;
}

interface View {
  key: string | null;
  viewFields: ViewColumn[];
}

/** All objects, inactive and system ones too, by label. */
export function useObjects() {
  return useQuery({
    queryKey: ['model', 'objects'],
    queryFn: async () => {
      const found = (await metadata<ObjectPage>(OBJECTS)).objects.edges.map((edge) => edge.node);
      return found.sort((one, other) => one.labelPlural.localeCompare(other.labelPlural));
    },
    staleTime: 60_000,
  });
}

/** An object with its fields, by the id that the list of objects has told. */
export function useFields(id: string | undefined) {
  return useQuery({
    queryKey: ['model', 'object', id],
    queryFn: async (): Promise<FullObject> => {
      const { object } = await metadata<{ object: ModelObject & { fieldsList: ModelField[] } }>(OBJECT, { id });
      const { fieldsList, ...rest } = object;
      return { ...rest, fields: fieldsList };
    },
    enabled: id !== undefined,
    staleTime: 60_000,
  });
}

/** How many live records each object has, by plural name. */
export function useRecordCounts() {
  return useQuery({
    queryKey: ['model', 'counts'],
    queryFn: async () => {
      const told = await metadata<{ objectRecordCounts: { objectNamePlural: string; totalCount: number }[] }>(COUNTS);
      return new Map(told.objectRecordCounts.map((each) => [each.objectNamePlural, each.totalCount]));
    },
  });
}

/** How many fields each object has, by its id. */
export function useFieldCounts() {
  return useQuery({
    queryKey: ['model', 'field-counts'],
    queryFn: async () => {
      const told = await metadata<{ objects: { edges: { node: { id: string; fieldsList: unknown[] } }[] } }>(FIELD_IDS);
      return new Map(told.objects.edges.map(({ node }) => [node.id, node.fieldsList.length]));
    },
  });
}

/** The columns that the object's own view shows, in its order; null when there is no such view. */
export function useViewColumns(objectId: string | undefined) {
  return useQuery({
    queryKey: ['model', 'columns', objectId],
    queryFn: async () => {
      const { getViews } = await metadata<{ getViews: View[] }>(VIEWS, { objectMetadataId: objectId });
      const shown = getViews.find((view) => view.key === 'INDEX')?.viewFields.filter((each) => each.isVisible) ?? [];
      if (shown.length === 0) return null;
      return shown.sort((one, other) => one.position - other.position);
    },
    enabled: objectId !== undefined,
    staleTime: 60_000,
  });
}

/** Makes a field; everything that shows the model is asked for again. */
export function useCreateField() {
  return useModelChange(async (field: NewField) => metadata(CREATE_FIELD, { input: { field } }));
}

/** Makes an object and tells its plural name. */
export function useCreateObject() {
  return useModelChange(async (object: NewObject) => {
    const made = await metadata<{ createOneObject: { namePlural: string } }>(CREATE_OBJECT, { input: { object } });
    return made.createOneObject.namePlural;
  });
}

function useModelChange<Input, Result>(change: (input: Input) => Promise<Result>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['model'] }),
        // A playground that was open before would go on with the document it knows.
        queries.invalidateQueries({ queryKey: ['openapi'] }),
      ]),
  });
}
